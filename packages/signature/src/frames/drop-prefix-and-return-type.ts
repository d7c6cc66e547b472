const BLANK = 0x20;
const NONE = 0;

/**
 * Drops what stands before a function's name: `static void f<A b>(int c)` → `f<A b>(int c)`. Blanks inside
 * brackets or a `` `…' `` do not count. A last word such as `(anonymous namespace)` or `[clone .cold]` belongs to
 * the one before it. One pass over the text.
 */
export function dropPrefixAndReturnType(name: string): string {
  if (!name.includes(" ")) return name;
  const last = name.length - 1;
  const awaited: number[] = [];
  let innermost = NONE;
  let start = 0;
  for (let at = 0; at <= last; at++) {
    const character = name.charCodeAt(at);
    if (character === BLANK) {
      if (innermost !== NONE) continue;
      // A blank at the very end begins no word; two in a row have an empty word between them.
      if (at === last) return name.slice(start, last);
      if (!belongsToTheWordBefore(name, at + 1)) start = at + 1;
    } else if (character === innermost) {
      awaited.pop();
      innermost = awaited.at(-1) ?? NONE;
    } else {
      const closer = closerOf(character);
      if (closer === NONE) continue;
      awaited.push(closer);
      innermost = closer;
    }
  }
  return name.slice(start);
}

/** The character code that closes what this one opens: `()`, `{}`, `[]`, `<>`, `` `' ``. */
function closerOf(character: number): number {
  switch (character) {
    case 0x28:
      return 0x29;
    case 0x3c:
      return 0x3e;
    case 0x5b:
      return 0x5d;
    case 0x7b:
      return 0x7d;
    case 0x60:
      return 0x27;
    default:
      return NONE;
  }
}

function belongsToTheWordBefore(name: string, start: number): boolean {
  return name.startsWith("(", start) || name.startsWith("[clone", start);
}
