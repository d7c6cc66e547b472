import { writeFile } from "node:fs/promises";
import { MaydayError } from "@mayday/crash";
import { sanitize } from "@mayday/stackwalk";
import { localSymbols, type SymbolOptions } from "./local-symbols.ts";
import { readNamedFile } from "./read-file.ts";

export interface SanitizeOptions extends SymbolOptions {
  readonly output: string;
}

/** `mayday minidump sanitize`: writes a dump without the memory that walking it does not need. */
export async function sanitizeFile(dumpPath: string, options: SanitizeOptions): Promise<void> {
  const result = await sanitize(await readNamedFile(dumpPath), localSymbols(options));
  if (!result.ok) throw new MaydayError("DUMP_UNREADABLE", `${result.error.name}: ${result.error.message}`);
  try {
    await writeFile(options.output, result.bytes);
  } catch (error) {
    throw new MaydayError("FILE_UNREADABLE", `${options.output}: ${(error as NodeJS.ErrnoException).code}`);
  }
  console.log(`kept ${result.keptBytes} bytes of the process's memory`);
}
