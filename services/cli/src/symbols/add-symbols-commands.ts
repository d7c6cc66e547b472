import { type Command, InvalidArgumentError } from "commander";

const collect = (value: string, earlier: string[]) => [...earlier, value];

/** Adds `symcache build`, `info` and `lookup`, and `symbolicate`. */
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
  program
    .command("symbolicate")
    .description("answer a symbolication request of version 5: JSON on standard input and output")
    .option("--symbols <dir-or-url>", "where symbols may be; may be given more than once", collect, [])
    .option(
      "--symbols-cache <dir>",
      "where symcaches are kept (default: mayday-symcache in the temporary folder)",
    )
    .action(async (options) => {
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
