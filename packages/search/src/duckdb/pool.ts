/** Lends one of a few things to each piece of work; work waits, in order, while all are lent. */
export type Pool<T> = <R>(work: (item: T) => Promise<R>) => Promise<R>;

export function pool<T>(items: readonly T[]): Pool<T> {
  const free = [...items];
  const waiting: ((item: T) => void)[] = [];
  const giveBack = (item: T): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(item);
    else next(item);
  };
  return async (work) => {
    const item = free.pop() ?? (await new Promise<T>((lend) => waiting.push(lend)));
    try {
      return await work(item);
    } finally {
      giveBack(item);
    }
  };
}
