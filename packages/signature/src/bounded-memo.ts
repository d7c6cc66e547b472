/** Longer keys are computed each time: a memo of hostile names must not grow to gigabytes. In UTF-16 units. */
const MAX_KEY_LENGTH = 512;

/**
 * Remembers the answers of a pure function of text, at most `capacity` of them; the oldest goes first.
 * @returns a function that answers as `compute` does
 */
export function boundedMemo<T>(compute: (text: string) => T, capacity: number): (text: string) => T {
  const answers = new Map<string, { readonly answer: T }>();
  return (text) => {
    if (text.length > MAX_KEY_LENGTH) return compute(text);
    const known = answers.get(text);
    if (known !== undefined) return known.answer;
    const answer = compute(text);
    if (answers.size >= capacity) answers.delete(answers.keys().next().value ?? "");
    answers.set(ownCopy(text), { answer });
    return answer;
  };
}

/** V8 keeps a substring as a view that holds the whole parent: 20 characters could pin a name of 100 kB. */
function ownCopy(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
