import { MaydayError } from "@mayday/crash";
import { SymParser } from "./sym-parser.ts";
import { SymcacheBuilder } from "./symcache-builder.ts";

/**
 * A symbol file's text is at most this long, bytes; the largest known are a little over 1 GB. The strings of such a
 * text stay below 4 GiB, which references to them can reach.
 */
const MAX_TEXT_BYTES = 3 * 1024 ** 3;

/** What is known of a symbol file before it is read. */
export interface Expectation {
  /** The debug id it must have. */
  readonly debugId?: string;
  /** Where it came from; kept in the symcache. */
  readonly url?: string;
}

/**
 * Builds a symcache from the text of a symbol file.
 * @throws {MaydayError} SYMBOLS_MALFORMED when the text is no symbol file or is of another module
 */
export async function buildSymcache(
  text: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  expected: Expectation = {},
): Promise<Buffer> {
  const builder = new SymcacheBuilder();
  const parser = new SymParser(builder);
  let length = 0;
  for await (const chunk of text) {
    length += chunk.length;
    if (length > MAX_TEXT_BYTES) throw new MaydayError("SYMBOLS_MALFORMED", "it is too large");
    parser.write(chunk);
  }
  const report = parser.end();
  const debugId = builder.debugId;
  if (debugId === "") throw new MaydayError("SYMBOLS_MALFORMED", "it has no MODULE line");
  if (expected.debugId !== undefined && debugId.toUpperCase() !== expected.debugId.toUpperCase()) {
    throw new MaydayError("SYMBOLS_MALFORMED", `it is of debug id ${debugId}, not ${expected.debugId}`);
  }
  if (report.badLines * 2 > report.lines) {
    throw new MaydayError("SYMBOLS_MALFORMED", `most lines are unreadable, first ${report.samples[0]}`);
  }
  return builder.finish(report, expected.url ?? "");
}
