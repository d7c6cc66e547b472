import { open } from "node:fs/promises";
import { MaydayError } from "@mayday/errors";
import type { SparseBytes } from "@mayday/minidump";
import { sanitize } from "@mayday/stackwalk";
import { retryDamaged } from "@mayday/symbols";
import { oneShotSupply } from "../symbols/local-supply.ts";
import type { OneShotSymbolOptions } from "../symbols/symbol-options.ts";
import { dumpSymbols } from "./dump-symbols.ts";
import { openDump } from "./open-dump.ts";

export interface SanitizeOptions extends OneShotSymbolOptions {
  readonly output: string;
}

/** `mayday minidump sanitize`: writes a dump without the memory that walking it does not need. */
export async function sanitizeFile(dumpPath: string, options: SanitizeOptions): Promise<void> {
  const { supply, end } = oneShotSupply(options);
  using file = openDump(dumpPath);
  const result = await retryDamaged(() => sanitize(file.source, dumpSymbols(supply)));
  if (!result.ok) throw new MaydayError("DUMP_UNREADABLE", `${result.error.name}: ${result.error.message}`);
  try {
    await writeSparse(options.output, result.bytes);
  } catch (error) {
    throw new MaydayError("FILE_UNREADABLE", `${options.output}: ${(error as NodeJS.ErrnoException).code}`);
  }
  console.log(`kept ${result.keptBytes} bytes of the process's memory`);
  await end();
}

/** Writes what is there; the file system has the rest as a hole. */
async function writeSparse(path: string, bytes: SparseBytes): Promise<void> {
  await using file = await open(path, "w");
  await file.truncate(bytes.length);
  for (const piece of bytes.pieces()) await file.write(piece.bytes, 0, piece.bytes.length, piece.at);
}
