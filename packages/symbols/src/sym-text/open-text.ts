import type { ByteBudget } from "../supply/byte-budget.ts";
import { inflated, isCompressed, MAGIC_BYTES } from "../supply/inflate.ts";
import type { FoundSymbolFile } from "../supply/symbol-source.ts";
import { SpillingFile } from "../symcache/build/spilling-file.ts";
import { bytesOfFile, type SymcacheBytes } from "../symcache/read/symcache-bytes.ts";
import { checkText } from "./check-text.ts";
import { TextIndexer } from "./text-index.ts";
import { TextSymbols, type TextSymbolsOptions } from "./text-symbols.ts";
import { isPlainText, utf8Text } from "./utf8-text.ts";

/** Read again and again into the same memory: fresh memory for a whole text costs more than reading it. */
const READ_BYTES = 256 * 1024;

/**
 * Opens a symbol file, so that its text answers itself. A plain file of this machine is read where it lies; of others
 * what is read and inflated is kept, in a file without a name where it is large.
 * @param debugId the one it must have
 * @param budget bears what is read
 * @returns undefined where the text has to be built to know what it says
 * @throws {MaydayError} SYMBOLS_MALFORMED when it is no symbol file or of another module; SYMBOLS_OVER_BUDGET
 */
export async function openText(
  found: FoundSymbolFile,
  debugId: string,
  budget: ByteBudget,
  options: TextSymbolsOptions,
): Promise<TextSymbols | undefined> {
  const indexer = new TextIndexer();
  const text = (await indexedInPlace(found, indexer, budget)) ?? (await indexedCopy(found, indexer, budget));
  try {
    const report = indexer.end();
    const index = indexer.index();
    if (index !== undefined) {
      checkText(indexer.debugId, debugId, report);
      return new TextSymbols(text, index, options);
    }
  } catch (error) {
    text.close();
    throw error;
  }
  text.close();
  return undefined;
}

/** Gives a text to the indexer, as far as it is of use; undefined when it is no plain file of this machine. */
async function indexedInPlace(
  found: FoundSymbolFile,
  indexer: TextIndexer,
  budget: ByteBudget,
): Promise<SymcacheBytes | undefined> {
  if (found.file === undefined) return undefined;
  const plain = bytesOfFile(found.file);
  const head = Buffer.alloc(Math.min(MAGIC_BYTES, plain.length));
  plain.read(0, head.length, head);
  if (isCompressed(head) || !isPlainText(head)) {
    plain.close();
    return undefined;
  }
  await found.close?.();
  budget.spend(plain.length);
  indexPlain(plain, indexer);
  return plain;
}

/** The same, of what has to be kept to be read again. */
async function indexedCopy(
  found: FoundSymbolFile,
  indexer: TextIndexer,
  budget: ByteBudget,
): Promise<SymcacheBytes> {
  const text = new SpillingFile();
  for await (const piece of utf8Text(budget.counted(inflated(found.bytes)))) {
    if (!indexer.write(piece)) break;
    text.append(piece);
  }
  return text;
}

function indexPlain(text: SymcacheBytes, indexer: TextIndexer): void {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  for (let at = 0; at < text.length; at += READ_BYTES) {
    const length = Math.min(READ_BYTES, text.length - at);
    text.read(at, length, buffer);
    if (!indexer.write(buffer.subarray(0, length))) return;
  }
}
