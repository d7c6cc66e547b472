import { checkText } from "../sym-text/check-text.ts";
import { TextIndexer } from "../sym-text/text-index.ts";
import { TextSymbols, type TextSymbolsOptions } from "../sym-text/text-symbols.ts";
import { bytesInMemory, type SymcacheBytes } from "../symcache/read/symcache-bytes.ts";

/**
 * Look-ups in a text; undefined where it has to be built for them.
 * @param bytes where the text is read from again
 * @throws {MaydayError} SYMBOLS_MALFORMED
 */
export function textSymbolsOf(
  text: Uint8Array,
  options?: TextSymbolsOptions,
  bytes: SymcacheBytes = bytesInMemory(text),
): TextSymbols | undefined {
  const indexer = new TextIndexer();
  indexer.write(text);
  const report = indexer.end();
  const index = indexer.index();
  checkText(indexer.debugId, undefined, report);
  return index && new TextSymbols(bytes, index, options);
}

/** The same, and how many bytes of the text were read for what was asked. */
export function readCounted(text: Uint8Array): { symbols: TextSymbols; read: () => number; length: number } {
  const bytes = bytesInMemory(text);
  let count = 0;
  const symbols = textSymbolsOf(text, undefined, {
    ...bytes,
    read(position, length, target, at) {
      count += length;
      bytes.read(position, length, target, at);
    },
  });
  return { symbols: symbols!, read: () => count, length: text.length };
}
