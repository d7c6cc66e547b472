import { parentPort } from "node:worker_threads";
import type { FromMover, Numbered, ToMover } from "./messages.ts";

/** What a moving thread does when it is told. */
export interface InThread<Sent> {
  move(items: readonly Numbered<Sent>[]): void;
  /** Moves what an earlier process or thread had not; some of it may be moved already. */
  resume(items: readonly Numbered<Sent>[]): void;
  close(limitMs: number): Promise<void>;
}

export function say(message: FromMover): void {
  parentPort?.postMessage(message);
}

/** Says why storage does not take what is moved: errors lose what they are on their way to another thread. */
export function sayFailed(error: unknown): void {
  const { code, message } = error as { code?: string; message?: string };
  say({
    kind: "failed",
    error: { ...(code === undefined ? {} : { code }), message: message ?? String(error) },
  });
}

/** Does what the collector tells this thread. */
export function obey<Sent>(mover: InThread<Sent>): void {
  parentPort?.on("message", async (message: ToMover<Sent>) => {
    if (message.kind === "close") {
      await mover.close(message.limitMs);
      say({ kind: "closed" });
    } else if (message.kind === "resume") mover.resume(message.items);
    else mover.move(message.items);
  });
}
