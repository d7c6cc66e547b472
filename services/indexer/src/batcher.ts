/**
 * Gathers what comes in while a batch is being written and writes it as the next one: a lone item does not wait,
 * and under load batches grow by themselves.
 * @param write gets at most `most` items and keeps all of them or throws
 */
export function batcher<T>(
  write: (items: readonly T[]) => Promise<void>,
  most: number,
): (item: T) => Promise<void> {
  let waiting: { item: T; done: () => void; failed: (error: unknown) => void }[] = [];
  let writing = false;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
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
