import { writeFile } from "node:fs/promises";
import { MaydayError } from "@mayday/errors";
import { sanitize } from "@mayday/stackwalk";
import { retryDamaged } from "@mayday/symbols";
import { oneShotSupply } from "../symbols/local-supply.ts";
import type { OneShotSymbolOptions } from "../symbols/symbol-options.ts";
import { dumpSymbols } from "./dump-symbols.ts";
import { readNamedFile } from "./read-file.ts";

export interface SanitizeOptions extends OneShotSymbolOptions {
  readonly output: string;
}

/** `mayday minidump sanitize`: writes a dump without the memory that walking it does not need. */
export async function sanitizeFile(dumpPath: string, options: SanitizeOptions): Promise<void> {
  const { supply, end } = oneShotSupply(options);
  const dump = await readNamedFile(dumpPath);
  const result = await retryDamaged(() => sanitize(dump, dumpSymbols(supply)));
  if (!result.ok) throw new MaydayError("DUMP_UNREADABLE", `${result.error.name}: ${result.error.message}`);
  try {
    await writeFile(options.output, result.bytes);
  } catch (error) {
    throw new MaydayError("FILE_UNREADABLE", `${options.output}: ${(error as NodeJS.ErrnoException).code}`);
  }
  console.log(`kept ${result.keptBytes} bytes of the process's memory`);
  await end();
}
