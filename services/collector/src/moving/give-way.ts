import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/** A third of what others get when there is not enough for all. */
const NICENESS = 5;

/** Lets threads that wait for the processor go before this one, and before those that it starts. Linux alone can do that. */
export function giveWay(): void {
  try {
    // `<process>/task/<thread>`; Linux takes a thread for a process here.
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    setPriority(thread, NICENESS);
  } catch {
    // All threads are alike then.
  }
}
