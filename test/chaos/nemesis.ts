/** Whoever is killed and started again. */
export interface Struck {
  readonly name: string;
  readonly kills: number;
  /** kill -9, and start again after `pauseMs`. */
  killAndRestart(pauseMs: number): Promise<void>;
}

const LONGEST_PAUSE_MS = 800;

/** Kills each of the victims `kills` times, at moments that `random` chooses, spread over the reports as they are answered. */
export class Nemesis {
  readonly #plan: { at: number; victim: Struck; pauseMs: number }[];
  readonly #last = new Map<Struck, Promise<void>>();
  #error: unknown;

  constructor(
    victims: readonly Struck[],
    { kills, reports }: { kills: number; reports: number },
    random: () => number,
  ) {
    this.#plan = victims
      .flatMap((victim) =>
        Array.from({ length: kills }, (_, number) => ({
          at: Math.floor(((number + random()) / kills) * reports),
          victim,
          pauseMs: random() * LONGEST_PAUSE_MS,
        })),
      )
      .sort((a, b) => a.at - b.at);
  }

  /** Kills whoever is due. One that is being started again is killed after that. */
  answered(count: number): void {
    while (this.#plan[0] !== undefined && this.#plan[0].at < count) {
      const { victim, pauseMs } = this.#plan.shift()!;
      const earlier = this.#last.get(victim) ?? Promise.resolve();
      const kill = earlier
        .then(() => victim.killAndRestart(pauseMs))
        .catch((error) => {
          this.#error = error;
        });
      this.#last.set(victim, kill);
    }
  }

  async done(): Promise<void> {
    await Promise.all(this.#last.values());
    if (this.#error !== undefined) throw this.#error;
  }
}
