import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";

/** Where a command looks for symbols. */
export interface SymbolOptions {
  readonly symbols: readonly string[];
  readonly symbolsCache?: string;
}

/** The same of a command that answers once. */
export interface OneShotSymbolOptions extends SymbolOptions {
  /** False: symcaches are built before it answers, and nothing is done behind it. */
  readonly buildBehind: boolean;
}

const collect = (value: string, earlier: string[]) => [...earlier, value];

export function withSymbolOptions(command: Command): Command {
  return command
    .option("--symbols <dir-or-url>", "where symbols may be; may be given more than once", collect, [])
    .option(
      "--symbols-cache <dir>",
      "where symcaches are kept (default: mayday-symcache in the temporary folder)",
    );
}

export function withOneShotSymbolOptions(command: Command): Command {
  return withSymbolOptions(command).option(
    "--no-build-behind",
    "build symcaches of large symbol files before answering, not in a process behind the command",
  );
}

export function symcacheFolderOf({ symbolsCache }: SymbolOptions): string {
  return symbolsCache ?? join(tmpdir(), "mayday-symcache");
}
