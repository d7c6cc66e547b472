/** No database takes any number of values in one statement. */
const MOST_IN_A_STATEMENT = 500;

export function* inBatches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += MOST_IN_A_STATEMENT)
    yield items.slice(at, at + MOST_IN_A_STATEMENT);
}
