interface Fault {
  readonly what: string;
  /** UTF-16 index into the text. */
  readonly at: number;
}

/** Where something ended, or what is wrong with it. */
type End = number | Fault;

/**
 * What is wrong with a JSON text, in the words of Python's `json` and with its line, column and character
 * (`Expecting value: line 1 column 6 (char 5)`); undefined exactly when `JSON.parse` takes it. Notes of Socorro
 * have these words, and those of JavaScript engines change between versions and quote the text.
 */
export function jsonComplaint(text: string): string | undefined {
  const fault = faultIn(text);
  return fault === undefined ? undefined : `${fault.what}: ${placeIn(text, fault.at)}`;
}

/** A loop and no recursion: nesting costs no stack. */
function faultIn(text: string): Fault | undefined {
  if (text.startsWith("\ufeff")) return { what: "Unexpected UTF-8 BOM (decode using utf-8-sig)", at: 0 };
  const awaited: string[] = [];
  let next: End = skipBlanks(text, 0);
  for (;;) {
    let at: number = next;
    const closer = text[at] === "{" ? "}" : text[at] === "[" ? "]" : undefined;
    const inside: number = closer === undefined ? at : skipBlanks(text, at + 1);
    if (closer !== undefined && text[inside] !== closer) {
      awaited.push(closer);
      next = itemStart(text, inside, closer);
      if (typeof next !== "number") return next;
      continue;
    }
    const end: End = closer === undefined ? scalarEnd(text, at) : inside + 1;
    if (typeof end !== "number") return end;
    for (at = skipBlanks(text, end); awaited.length > 0 && text[at] === awaited.at(-1); awaited.pop())
      at = skipBlanks(text, at + 1);
    const within = awaited.at(-1);
    if (within === undefined) return at === text.length ? undefined : { what: "Extra data", at };
    if (text[at] !== ",") return { what: "Expecting ',' delimiter", at };
    next = itemStart(text, skipBlanks(text, at + 1), within);
    if (typeof next !== "number") return next;
  }
}

/** Where the value of the next item begins: in an object after its key and colon. */
function itemStart(text: string, at: number, closer: string): End {
  if (closer === "]") return at;
  if (text[at] !== '"') return { what: "Expecting property name enclosed in double quotes", at };
  const end = stringEnd(text, at);
  if (typeof end !== "number") return end;
  const colon = skipBlanks(text, end);
  return text[colon] === ":" ? skipBlanks(text, colon + 1) : { what: "Expecting ':' delimiter", at: colon };
}

function scalarEnd(text: string, at: number): End {
  if (text[at] === '"') return stringEnd(text, at);
  const scalar = /(?:null|true|false|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)/y;
  scalar.lastIndex = at;
  return scalar.test(text) ? scalar.lastIndex : { what: "Expecting value", at };
}

function stringEnd(text: string, start: number): End {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return at + 1;
    if (text.charCodeAt(at) < 0x20) return { what: "Invalid control character at", at };
    if (text[at] !== "\\") continue;
    const escaped = text[++at];
    if (escaped === undefined) break;
    if (escaped === "u") {
      if (!/^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) return { what: "Invalid \\uXXXX escape", at };
      at += 4;
    } else if (!'"\\/bfnrt'.includes(escaped)) return { what: "Invalid \\escape", at: at - 1 };
  }
  return { what: "Unterminated string starting at", at: start };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\n\r".includes(text[at]!)) at++;
  return at;
}

/** Python counts code points. */
function placeIn(text: string, at: number): string {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf("\n") + 1;
  const line = before.split("\n").length;
  const column = Array.from(before.slice(lineStart)).length + 1;
  return `line ${line} column ${column} (char ${Array.from(before).length})`;
}
