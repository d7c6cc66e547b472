import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Logger, Metrics } from "@mayday/observability";
import type { FromMover, Numbered, ToMover } from "./messages.ts";

/** What a thread moves, and how. */
export interface Moving<Item, Sent extends object> {
  /** The thread's program. */
  readonly program: URL;
  readonly startedWith: unknown;
  /** An item as the thread is told it: plain data. */
  sent(item: Item): Sent;
  /** How many reports and pings are in an item. */
  entriesIn(item: Item): number;
  /** Told of items that are in storage, or given up. */
  onMoved(items: readonly Item[]): Promise<void>;
  /** Told of an item that is damaged and will not be moved. */
  onDamaged(item: Item): void;
}

const RESTART_AFTER_MS = 1000;
/** What a close may take beyond what moving is given, ms. */
const CLOSE_GRACE_MS = 1000;

/**
 * The mover in a thread of its own: what it does for some hundred reports at a time would hold up every client that waits
 * for an answer. A thread that dies is started again, with all that it had not moved.
 */
export class MoverThread<Item, Sent extends object> {
  readonly #moving: Moving<Item, Sent>;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  /** Handed to the thread and not moved, by number. */
  readonly #outstanding = new Map<number, Item>();
  #count = 0;
  #thread: Worker;
  #error: unknown;
  #isClosing = false;
  /** Until what was told moved is done with. */
  #ending: Promise<void> = Promise.resolve();
  #closed: () => void = () => undefined;

  constructor(moving: Moving<Item, Sent>, parts: { log: Logger; metrics: Metrics }) {
    this.#moving = moving;
    this.#log = parts.log;
    this.#metrics = parts.metrics;
    this.#thread = this.#start();
  }

  /** Why the last batch could not be stored; undefined when it was. */
  get error(): unknown {
    return this.#error;
  }

  /** How many reports and pings are not moved yet. */
  get waiting(): number {
    return this.#outstanding.values().reduce((sum, item) => sum + this.#moving.entriesIn(item), 0);
  }

  move(items: readonly Item[]): void {
    this.#send("move", this.#numbered(items));
  }

  /** Moves what earlier processes left. */
  resume(items: readonly Item[]): void {
    this.#send("resume", this.#numbered(items));
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

  #numbered(items: readonly Item[]): [number, Item][] {
    return items.map((item) => {
      const number = this.#count++;
      this.#outstanding.set(number, item);
      return [number, item];
    });
  }

  #send(kind: "move" | "resume", items: readonly [number, Item][]): void {
    if (items.length === 0) return;
    const sent = items.map(([number, item]): Numbered<Sent> => ({ ...this.#moving.sent(item), number }));
    this.#tell({ kind, items: sent });
  }

  #tell(message: ToMover<Sent>): void {
    this.#thread.postMessage(message);
  }

  #start(): Worker {
    const thread = new Worker(this.#moving.program, {
      workerData: this.#moving.startedWith,
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
        this.#end(message.numbers);
        break;
      case "damaged": {
        const item = this.#outstanding.get(message.number);
        if (item !== undefined) this.#moving.onDamaged(item);
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
    const items: Item[] = [];
    for (const number of numbers) {
      const item = this.#outstanding.get(number);
      if (item !== undefined) items.push(item);
      this.#outstanding.delete(number);
    }
    this.#ending = this.#ending
      .then(() => this.#moving.onMoved(items))
      .catch((error) => this.#log.error({ err: error }, "what was moved could not be ended"));
  }
}
