import { Worker } from "node:worker_threads";
import type { StoredObject } from "../object-store.ts";

/** Writes groups of objects in a thread: plain blocking calls there cost a third of what Node's pool asks for each. */
export class GroupWriter {
  readonly #places: { readonly root: string; readonly unfinished: string };
  readonly #waiting = new Map<number, { done(): void; failed(error: unknown): void }>();
  #thread: Worker | undefined;
  #count = 0;

  constructor(places: { root: string; unfinished: string }) {
    this.#places = places;
  }

  write(groups: readonly (readonly StoredObject[])[]): Promise<void> {
    const id = this.#count++;
    this.#thread ??= this.#start();
    const thread = this.#thread;
    return new Promise<void>((done, failed) => {
      this.#waiting.set(id, { done, failed });
      // A thread without work must not keep its process.
      thread.ref();
      thread.postMessage({ id, groups });
    });
  }

  #start(): Worker {
    const thread = new Worker(new URL("./group-writer-thread.ts", import.meta.url), {
      workerData: this.#places,
      // Flags of the process, such as the kind of a program given by -e, are not for it.
      execArgv: [],
    });
    thread.on("message", ({ id, error }: { id: number; error?: unknown }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) thread.unref();
      if (error === undefined) waiting?.done();
      else waiting?.failed(error);
    });
    thread.on("error", (error) => this.#fail(thread, error));
    thread.on("exit", () => this.#fail(thread, new Error("the writing thread ended")));
    return thread;
  }

  #fail(thread: Worker, error: unknown): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    for (const { failed } of this.#waiting.values()) failed(error);
    this.#waiting.clear();
  }
}
