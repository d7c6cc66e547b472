import { MaydayError } from "@mayday/errors";
import { checkText } from "../../sym-text/check-text.ts";
import { SymParser } from "../../sym-text/sym-parser.ts";
import { utf8Text } from "../../sym-text/utf8-text.ts";
import type { Output } from "../format/block-writer.ts";
import { SymcacheBuilder } from "./symcache-builder.ts";

/** A symbol file's text is at most this long, bytes; the largest known are a few GB. */
const MAX_TEXT_BYTES = 16 * 1024 ** 3;

async function* pieces(text: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* text;
}

/** What is known of a symbol file before it is read. */
export interface Expectation {
  /** The debug id it must have. */
  readonly debugId?: string;
  /** Where it came from; kept in the symcache. */
  readonly url?: string;
  /** Where files without a name are made for what does not fit into memory; the system's temporary folder by default. */
  readonly scratchFolder?: string;
}

/**
 * Builds a symcache from the text of a symbol file and appends it to `out`. Memory is bounded, however long the text.
 * @throws {MaydayError} SYMBOLS_MALFORMED when the text is no symbol file or is of another module
 */
export async function buildSymcache(
  text: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  out: Output,
  expected: Expectation = {},
): Promise<void> {
  const builder = new SymcacheBuilder(expected.scratchFolder);
  try {
    const parser = new SymParser(builder);
    let textBytes = 0;
    for await (const chunk of utf8Text(pieces(text))) {
      textBytes += chunk.length;
      if (textBytes > MAX_TEXT_BYTES) throw new MaydayError("SYMBOLS_MALFORMED", "it is too large");
      parser.write(chunk);
    }
    const report = parser.end();
    checkText(builder.debugId, expected.debugId, report);
    const { lines, badLines, samples } = report;
    builder.finish({ lines, badLines, badSamples: samples, textBytes, url: expected.url ?? "" }, out);
  } finally {
    builder.close();
  }
}
