import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Logger, Metrics, Traces } from "@mayday/observability";
import pTimeout from "p-timeout";
import type { Journal } from "../journal/journal.ts";
import type { Place } from "../journal/segment.ts";
import type { FromMover, MoverStart, NumberedPlace, ToMover } from "./messages.ts";

const PROGRAM = new URL("./thread-main.ts", import.meta.url);
const RESTART_AFTER_MS = 1000;
/** What a close may take beyond what moving is given, ms. */
const CLOSE_GRACE_MS = 1000;

/**
 * The mover in a thread of its own: what it does for some hundred reports at a time would hold up every client that waits
 * for an answer. A thread that dies is started again, with all that it had not moved.
 */
export class MoverThread {
  readonly #start: MoverStart;
  readonly #journal: Pick<Journal, "moved" | "markDamaged">;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  readonly #traces: Pick<Traces, "tell"> | undefined;
  /** Handed to the thread and not moved, by number. */
  readonly #outstanding = new Map<number, NumberedPlace>();
  #count = 0;
  #thread: Worker;
  #error: unknown;
  #isClosing = false;
  /** Until the journal has ended what was moved. */
  #ending: Promise<void> = Promise.resolve();
  #closed: () => void = () => undefined;

  constructor(
    start: MoverStart,
    parts: {
      journal: Pick<Journal, "moved" | "markDamaged">;
      log: Logger;
      metrics: Metrics;
      traces?: Pick<Traces, "tell">;
    },
  ) {
    this.#start = start;
    this.#journal = parts.journal;
    this.#log = parts.log;
    this.#metrics = parts.metrics;
    this.#traces = parts.traces;
    this.#thread = this.#startThread();
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
    if (places.length === 0) return;
    const numbered = places.map((place) => ({ ...place, number: this.#count++ }));
    for (const place of numbered) this.#outstanding.set(place.number, place);
    this.#tell({ kind: "move", places: numbered });
  }

  /** Moves what waits, for `limitMs` at most; the rest is found at the next start. */
  async close(limitMs: number): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((done) => {
      this.#closed = done;
      this.#thread.once("exit", () => done());
    });
    this.#tell({ kind: "close", limitMs });
    await pTimeout(closed, { milliseconds: limitMs + CLOSE_GRACE_MS, message: false });
    await this.#thread.terminate();
    await this.#ending;
  }

  #tell(message: ToMover): void {
    this.#thread.postMessage(message);
  }

  #startThread(): Worker {
    const thread = new Worker(PROGRAM, {
      workerData: this.#start,
      // Flags of the process, such as the kind of a program given by -e, are not for it.
      execArgv: [],
    });
    thread.on("message", (message: FromMover) => this.#hear(message));
    thread.on("error", (error) => this.#log.error({ err: error }, "the mover's thread failed"));
    thread.on("exit", () => this.#restart());
    return thread;
  }

  async #restart(): Promise<void> {
    if (this.#isClosing) return;
    this.#error = new Error("the mover's thread ended; it is started again");
    await sleep(RESTART_AFTER_MS);
    if (this.#isClosing) return;
    this.#thread = this.#startThread();
    if (this.#outstanding.size > 0) this.#tell({ kind: "move", places: [...this.#outstanding.values()] });
  }

  #hear(message: FromMover): void {
    switch (message.kind) {
      case "moved":
        this.#error = undefined;
        this.#metrics.observe("collector_move_seconds", {}, message.seconds);
        this.#end(message.numbers);
        break;
      case "queued": {
        const to = Date.now();
        for (const crashId of message.crashIds)
          this.#traces?.tell({ name: "move", crashId, from: message.from, to });
        break;
      }
      case "damaged": {
        const place = this.#outstanding.get(message.number);
        if (place !== undefined) this.#journal.markDamaged(place);
        break;
      }
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

  #end(numbers: readonly number[]): void {
    const places: Place[] = [];
    for (const number of numbers) {
      const place = this.#outstanding.get(number);
      if (place !== undefined) places.push(place);
      this.#outstanding.delete(number);
    }
    this.#ending = this.#ending
      .then(() => this.#journal.moved(places))
      .catch((error) => this.#log.error({ err: error }, "the journal could not end what was moved"));
  }
}
