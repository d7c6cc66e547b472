import { type Command, InvalidArgumentError } from "commander";
import { withOneShotSymbolOptions, withSymbolOptions } from "./symbol-options.ts";

/** Adds `symcache build`, `fetch`, `info` and `lookup`, and `symbolicate`. */
export function addSymbolsCommands(program: Command): void {
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
}

function parseOffset(text: string, earlier: number[] = []): number[] {
  const offset = /^(0x)?[0-9a-f]{1,16}$/i.test(text)
    ? Number.parseInt(text.replace(/^0x/i, ""), 16)
    : Number.NaN;
  if (!Number.isSafeInteger(offset)) throw new InvalidArgumentError("It must be a module offset in hex.");
  return [...earlier, offset];
}
