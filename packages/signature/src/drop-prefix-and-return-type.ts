const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "{": "}", "[": "]", "<": ">", "`": "'" };

/**
 * Drops what stands before a function's name: `static void f<A b>(int c)` → `f<A b>(int c)`. Blanks inside
 * brackets or a `` `…' `` do not count. A last word such as `(anonymous namespace)` or `[clone .cold]` belongs to
 * the one before it. Time is linear in the text.
 */
export function dropPrefixAndReturnType(name: string): string {
  if (!name.includes(" ")) return name;
  const { starts, end } = words(name);
  let word = starts.length - 1;
  while (word > 0 && belongsToTheWordBefore(name, starts[word]!)) word--;
  return name.slice(starts[word], end);
}

function belongsToTheWordBefore(name: string, start: number): boolean {
  return name.startsWith("(", start) || name.startsWith("[clone", start);
}

/**
 * Where each word starts and the last one ends. Every blank ends a word, so two in a row have an empty word
 * between them; but a blank at the very end starts none.
 */
function words(name: string): { starts: readonly number[]; end: number } {
  const starts = [0];
  const awaited: string[] = [];
  const last = name.length - 1;
  for (let at = 0; at <= last; at++) {
    const character = name[at]!;
    if (awaited.length > 0 && character === awaited.at(-1)) awaited.pop();
    else if (CLOSERS[character] !== undefined) awaited.push(CLOSERS[character]);
    else if (character === " " && awaited.length === 0) {
      if (at === last) return { starts, end: last };
      starts.push(at + 1);
    }
  }
  return { starts, end: name.length };
}
