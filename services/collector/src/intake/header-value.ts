/** A header value such as `form-data; name="extra"`: what stands first, and its parameters. */
export interface HeaderValue {
  /** In lower case. */
  readonly value: string;
  /** By name in lower case; the first of each name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads a header value as browsers, curl and mail libraries write it (RFC 7578 4.2, RFC 2183, RFC 5987). A quoted text in
 * which `\` escapes nothing but quotes and itself: Windows paths keep theirs, and one that ends in `\` ends at its quote.
 */
export function readHeaderValue(header: string): HeaderValue {
  const end = header.indexOf(";");
  const value = (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
  const parameters = new Map<string, string>();
  const extended = new Map<string, string>();
  for (let at = end; at >= 0 && at < header.length; ) {
    const found = readParameter(header, at + 1);
    at = found.end;
    if (found.name.endsWith("*")) addFirst(extended, found.name.slice(0, -1), extendedText(found.text));
    else if (found.name !== "") addFirst(parameters, found.name, found.text);
  }
  // `filename*` is exact where `filename` is what old readers can show.
  for (const [name, text] of extended) if (text !== undefined) parameters.set(name, text);
  return { value, parameters };
}

function addFirst<T>(map: Map<string, T>, name: string, value: T): void {
  if (!map.has(name)) map.set(name, value);
}

/** The parameter at `start`, and where the `;` behind it stands. */
function readParameter(header: string, start: number): { name: string; text: string; end: number } {
  const equals = header.indexOf("=", start);
  const next = header.indexOf(";", start);
  if (equals < 0 || (next >= 0 && next < equals))
    return { name: "", text: "", end: next < 0 ? header.length : next };
  const name = header.slice(start, equals).trim().toLowerCase();
  let at = equals + 1;
  while (header[at] === " " || header[at] === "\t") at++;
  if (header[at] === '"') {
    const quoted = readQuoted(header, at + 1, true) ?? readQuoted(header, at + 1, false);
    if (quoted !== undefined) return { name, ...quoted };
  }
  const end = header.indexOf(";", at);
  const text = header.slice(at, end < 0 ? header.length : end).trim();
  return { name, text, end: end < 0 ? header.length : end };
}

/** A quoted text, if a `;` or the end of the header follows it. @param escapes whether `\"` is a quote of the text's own */
function readQuoted(
  header: string,
  start: number,
  escapes: boolean,
): { text: string; end: number } | undefined {
  let text = "";
  for (let at = start; at < header.length; at++) {
    const character = header[at];
    const following = header[at + 1];
    if (escapes && character === "\\" && (following === '"' || following === "\\")) {
      text += following;
      at++;
    } else if (character !== '"') text += character;
    else {
      let end = at + 1;
      while (header[end] === " " || header[end] === "\t") end++;
      return end === header.length || header[end] === ";" ? { text, end } : undefined;
    }
  }
  return undefined;
}

/** RFC 5987: `utf-8'en'Absturz-%C3%A4.dmp`. Undefined when it is not so. */
function extendedText(text: string): string | undefined {
  const [, charset, encoded] = /^([\w-]+)'[^']*'(.*)$/.exec(text) ?? [];
  if (charset === undefined || encoded === undefined) return undefined;
  const bytes = Buffer.from(
    encoded.replace(/%([0-9A-Fa-f]{2})/g, (_match, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return undefined;
  }
}
