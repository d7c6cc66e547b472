import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Logger, Metrics } from "@mayday/observability";
import type { FromMover, MoverStart, ToMover } from "./mover-messages.ts";
import { endPlaces, type Place } from "./segment.ts";

const RESTART_AFTER_MS = 1000;
/** What a close may take beyond what moving is given, ms. */
const CLOSE_GRACE_MS = 1000;

/**
 * The mover in a thread of its own: what it does for some hundred reports at a time would hold up every client that waits
 * for an answer. A thread that dies is started again, with all that it had not moved.
 */
export class MoverThread {
  readonly #startedWith: MoverStart;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  /** Handed to the thread and not moved, by number. */
  readonly #outstanding = new Map<number, Place>();
  #count = 0;
  #thread: Worker;
  #error: unknown;
  #isClosing = false;
  /** Until what was told moved is done with. */
  #ending: Promise<void> = Promise.resolve();
  #closed: () => void = () => undefined;

  constructor(start: MoverStart, parts: { log: Logger; metrics: Metrics }) {
    this.#startedWith = start;
    this.#log = parts.log;
    this.#metrics = parts.metrics;
    this.#thread = this.#start();
  }

  /** Why the last batch could not be stored; undefined when it was. */
  get error(): unknown {
    return this.#error;
  }

  /** How many entries are not moved yet. */
  get waiting(): number {
    return this.#outstanding.size;
  }

  move(places: readonly Place[]): void {
    this.#send("move", this.#numbered(places));
  }

  /** Moves what earlier processes left. */
  resume(places: readonly Place[]): void {
    this.#send("resume", this.#numbered(places));
  }

  /** Moves what waits, for `limitMs` at most; the rest is found at the next start. */
  async close(limitMs: number): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((done) => {
      this.#closed = done;
      this.#thread.once("exit", () => done());
    });
    const late = new AbortController();
    const limit = sleep(limitMs + CLOSE_GRACE_MS, undefined, { signal: late.signal }).catch(() => undefined);
    this.#tell({ kind: "close", limitMs });
    await Promise.race([closed, limit]);
    late.abort();
    await this.#thread.terminate();
    await this.#ending;
  }

  #numbered(places: readonly Place[]): [number, Place][] {
    return places.map((place) => {
      const id = this.#count++;
      this.#outstanding.set(id, place);
      return [id, place];
    });
  }

  #send(kind: "move" | "resume", places: readonly [number, Place][]): void {
    if (places.length === 0) return;
    const sent = places.map(([id, { segment, at, length, copy }]) => ({
      id,
      path: segment.path,
      at,
      length,
      copyAt: copy?.at,
    }));
    this.#tell({ kind, places: sent });
  }

  #tell(message: ToMover): void {
    this.#thread.postMessage(message);
  }

  #start(): Worker {
    const thread = new Worker(new URL("./thread-main.ts", import.meta.url), {
      workerData: this.#startedWith,
      // Flags of the process, such as the kind of a program given by -e, are not for it.
      execArgv: [],
    });
    thread.on("message", (message: FromMover) => this.#hear(message));
    thread.on("error", (error) => this.#log.error({ err: error }, "the moving thread failed"));
    thread.on("exit", () => this.#restart());
    return thread;
  }

  async #restart(): Promise<void> {
    if (this.#isClosing) return;
    this.#error = new Error("the moving thread ended; it is started again");
    await sleep(RESTART_AFTER_MS);
    if (this.#isClosing) return;
    this.#thread = this.#start();
    // Some of it may be in storage already.
    this.#send("resume", [...this.#outstanding]);
  }

  #hear(message: FromMover): void {
    switch (message.kind) {
      case "moved":
        this.#error = undefined;
        this.#metrics.observe("collector_move_seconds", {}, message.seconds);
        this.#end(message.ids);
        break;
      case "damaged":
        this.#outstanding.get(message.id)?.segment.markDamaged();
        break;
      case "failed":
        this.#error = Object.assign(new Error(message.error.message), message.error);
        break;
      case "count":
        this.#metrics.count(...(message.args as Parameters<Metrics["count"]>));
        break;
      case "closed":
        this.#closed();
    }
  }

  #end(ids: readonly number[]): void {
    const places: Place[] = [];
    for (const id of ids) {
      const place = this.#outstanding.get(id);
      if (place !== undefined) places.push(place);
      this.#outstanding.delete(id);
    }
    this.#ending = this.#ending
      .then(() => endPlaces(places))
      .catch((error) => this.#log.error({ err: error }, "a segment of the journal could not be ended"));
  }
}
