import { setTimeout as sleep } from "node:timers/promises";

/**
 * Gathers what comes in while a batch is being written and writes it as the next one: a lone item does not wait,
 * and under load batches grow by themselves.
 * @param write gets at most `most` items and keeps all of them or throws
 * @param restMs a batch that is not full begins so long after the one before did, at the soonest: each costs the engine
 * much however few documents it has
 */
export function batcher<T>(
  write: (items: readonly T[]) => Promise<void>,
  most: number,
  restMs = 0,
): (item: T) => Promise<void> {
  let waiting: { item: T; done: () => void; failed: (error: unknown) => void }[] = [];
  let writing = false;
  let beganAt = Number.NEGATIVE_INFINITY;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const rest = beganAt + restMs - performance.now();
      // What is full does not become cheaper by waiting.
      if (rest > 0 && waiting.length < most) await sleep(rest);
      beganAt = performance.now();
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        await write(batch.map(({ item }) => item));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    writing = false;
  }

  return (item) =>
    new Promise((done, failed) => {
      waiting.push({ item, done, failed });
      // After the present turn, so that all that comes in it makes one batch.
      if (!writing) {
        writing = true;
        setImmediate(writeAll);
      }
    });
}
