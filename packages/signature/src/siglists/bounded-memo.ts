/** Longer keys are computed each time: a memo of hostile names must not grow to gigabytes. In UTF-16 units. */
export const MAX_KEY_LENGTH = 512;

/**
 * Remembers the answers of a pure function of text, at most `capacity` of them. What was not asked for lately goes
 * first: there are two generations, and when the young one is full it becomes the old one, which is dropped whole.
 * (One `Map` whose oldest key is deleted has to step over the holes of earlier deletions each time.)
 * @returns a function that answers as `compute` does. It keeps its texts: none may be a part of a large one, since
 * V8 would keep the large one with it ({@link ownCopy})
 */
export function boundedMemo<T>(compute: (text: string) => T, capacity: number): (text: string) => T {
  let old = new Map<string, { readonly answer: T }>();
  let young = new Map<string, { readonly answer: T }>();
  return (text) => {
    if (text.length > MAX_KEY_LENGTH) return compute(text);
    const known = young.get(text);
    if (known !== undefined) return known.answer;
    const entry = old.get(text) ?? { answer: compute(text) };
    if (young.size >= capacity / 2) {
      old = young;
      young = new Map();
    }
    young.set(text, entry);
    return entry.answer;
  };
}

/** V8 keeps a substring as a view that holds the whole parent: 20 characters could pin a name of 100 kB. */
export function ownCopy(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
