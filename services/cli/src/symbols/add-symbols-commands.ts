import type { SearchEngine } from "@mayday/search";
import type { ObjectStore } from "@mayday/storage";
import { type Command, InvalidArgumentError } from "commander";
import { withOneShotSymbolOptions, withSymbolOptions } from "./symbol-options.ts";

/** What the commands need of the outside. */
export interface SymbolsCommandParts {
  /** The symbol store that the environment names. */
  readonly openSymbolStore: () => Promise<ObjectStore>;
  /** The search index that the environment names. */
  readonly openEngine: () => Promise<SearchEngine>;
}

/** Adds `symcache build`, `fetch`, `info` and `lookup`, `symbolicate`, and `symbols upload`, `rebuild` and `expire`. */
export function addSymbolsCommands(program: Command, parts: SymbolsCommandParts): void {
  const symcache = program
    .command("symcache")
    .description("build symcaches, the form in which symbols are looked up, and ask them");
  symcache
    .command("build")
    .description("turn a symbol file into a symcache")
    .argument("<sym>", "a Breakpad symbol file, plain, .gz or .zst; - for standard input")
    .requiredOption("-o, --output <file>", "the symcache")
    .action(async (sym, options) => {
      const { buildCommand } = await import("./symcache-build-command.ts");
      await buildCommand(sym, options);
    });
  const fetch = symcache
    .command("fetch")
    .description("put modules' symcaches where they are kept, so that the commands that follow find them")
    .argument("<module...>", "each as DEBUG-FILE/DEBUG-ID")
    .option("--behind", "at low priority, and not while another one does so: as other commands start it");
  withSymbolOptions(fetch).action(async (modules, options) => {
    const { fetchCommand } = await import("./symcache-fetch-command.ts");
    if (!(await fetchCommand(modules, options))) process.exitCode = 1;
  });
  symcache
    .command("info")
    .description("tell what a symcache holds, as JSON")
    .argument("<file>", "the symcache")
    .action(async (file) => {
      const { infoCommand } = await import("./symcache-lookup-commands.ts");
      infoCommand(file);
    });
  symcache
    .command("lookup")
    .description(
      "tell what stands at module offsets, as JSON lines: function, function_offset, file, line, inlines (innermost first); exit 1 when nothing is found",
    )
    .argument("<file>", "the symcache")
    .argument("<address...>", "module offsets in hex, with or without 0x", parseOffset)
    .action(async (file, addresses) => {
      const { lookupCommand } = await import("./symcache-lookup-commands.ts");
      if (!lookupCommand(file, addresses)) process.exitCode = 1;
    });
  const symbolicate = program
    .command("symbolicate")
    .description("answer a symbolication request of version 5: JSON on standard input and output");
  withOneShotSymbolOptions(symbolicate).action(async (options) => {
    const { symbolicateCommand } = await import("./symbolicate-command.ts");
    await symbolicateCommand(options);
  });
  addStoreCommands(program, parts);
}

function addStoreCommands(program: Command, { openSymbolStore, openEngine }: SymbolsCommandParts): void {
  const symbols = program
    .command("symbols")
    .description("upload symbols, and look after those that are stored");
  symbols
    .command("upload")
    .description(
      "upload symbol files, zips of them, and native code and debug files, of which symbols are made where dump_syms is there; what the server has is skipped",
    )
    .argument("<dir|zip|file...>", "folders are searched for files that are symbols by what they hold")
    .option("--url <url>", "the symbols service (default: MAYDAY_URL, else http://127.0.0.1:8010)")
    .option("--token <token>", "an upload token (default: MAYDAY_TOKEN)")
    .option("--try", "as symbols of a try build")
    .option("--parallel <number>", "files at once", parseCount, 4)
    .action(async (places, options) => {
      const { uploadCommand } = await import("./upload/upload-command.ts");
      if (!(await uploadCommand(places, options))) process.exitCode = 1;
    });
  symbols
    .command("rebuild")
    .description("build the symcaches of the symbol store that are missing or of an earlier version")
    .option("--all", "the others, too")
    .action(async (options) => {
      const { rebuildCommand } = await import("./rebuild-command.ts");
      if (!(await rebuildCommand(await openSymbolStore(), options))) process.exitCode = 1;
    });
  symbols
    .command("expire")
    .description("remove symbols of the symbol store that are old, not in use and needed by no crash")
    .option("--days <number>", "of those that were stored and last asked for so long ago", parseDays, 365)
    .option("--try-days <number>", "the same of symbols of try builds", parseDays, 28)
    .option("--fetched-days <number>", "the same of symbols fetched from other servers", parseDays, 60)
    .option("--dry-run", "only tell what would be removed")
    .option("--with-crashes", "also those on the stack of a crash in the index, which is not asked then")
    .action(async (options) => {
      const { expireCommand } = await import("./expire-command.ts");
      await expireCommand(await openSymbolStore(), openEngine, options);
    });
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3660) {
    throw new InvalidArgumentError("It must be a number from 1 to 3660.");
  }
  return days;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 64) {
    throw new InvalidArgumentError("It must be a number from 1 to 64.");
  }
  return count;
}

function parseOffset(text: string, earlier: number[] = []): number[] {
  const offset = /^(0x)?[0-9a-f]{1,16}$/i.test(text)
    ? Number.parseInt(text.replace(/^0x/i, ""), 16)
    : Number.NaN;
  if (!Number.isSafeInteger(offset)) throw new InvalidArgumentError("It must be a module offset in hex.");
  return [...earlier, offset];
}
