import { MaydayError } from "@mayday/errors";

/** A document of a stream of JSON lines. */
export interface JsonLine {
  /** From 1; blank lines count and have no document. */
  readonly line: number;
  readonly value: unknown;
}

/** Bytes. No crash data that a stackwalker makes comes near it. */
const LONGEST_LINE = 64 * 1024 * 1024;
const LINE_END = 10;

/**
 * Reads JSON lines as they arrive.
 * @param name of the stream, for errors
 * @throws MaydayError CRASH_DATA_INVALID naming the line that is no JSON or too long
 */
export async function* jsonLines(stream: AsyncIterable<Uint8Array>, name: string): AsyncIterable<JsonLine> {
  let line = 0;
  for await (const bytes of lines(stream, () => `${name} line ${line + 1}`)) {
    line += 1;
    const text = bytes.toString("utf8").trim();
    if (text !== "") yield { line, value: parseJson(text, `${name} line ${line}`) };
  }
}

/** @throws MaydayError CRASH_DATA_INVALID */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MaydayError("CRASH_DATA_INVALID", `${name}: not JSON`, { cause });
  }
}

async function* lines(stream: AsyncIterable<Uint8Array>, place: () => string): AsyncIterable<Buffer> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const keep = (part: Uint8Array) => {
    parts.push(part);
    length += part.length;
    if (length > LONGEST_LINE)
      throw new MaydayError("CRASH_DATA_INVALID", `${place()}: longer than ${LONGEST_LINE} bytes`);
  };
  for await (const chunk of stream) {
    let at = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, at)) {
      keep(chunk.subarray(at, end));
      yield Buffer.concat(parts);
      parts = [];
      length = 0;
      at = end + 1;
    }
    keep(chunk.subarray(at));
  }
  if (length > 0) yield Buffer.concat(parts);
}
