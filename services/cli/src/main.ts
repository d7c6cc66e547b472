import { errorLine } from "@mayday/crash";
import { signatureSwitches } from "@mayday/signature";
import { walkImprovements } from "@mayday/stackwalk";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { addSymbolsCommands } from "./symbols/add-symbols-commands.ts";

/** Ran and the answer is no; bad usage. */
const FAILED = 1;
const BAD_USAGE = 2;

const collect = (value: string, earlier: string[] = []) => [...earlier, value];

function address(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError("It must be http(s)://….");
  return text;
}

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InvalidArgumentError("It must be a whole number of at least 1.");
  return Number(text);
}

const program = new Command("mayday")
  .description("Crash-ingestion pipeline: collect, symbolicate, group and search crash reports.")
  .enablePositionalOptions()
  .configureOutput({ outputError: () => undefined })
  .exitOverride();

program
  .command("up")
  .description(
    "bring the whole pipeline up in one process tree; settings come from the environment (docs/config.md)",
  )
  .action(async () => {
    const { up } = await import("./up/up.ts");
    await up(process.env);
  });

program
  .command("stackwalk")
  .description("walk the stacks of a minidump; prints JSON in minidump-stackwalk's schema")
  .argument("<dump>", "the minidump")
  .option("--json", "print JSON (the only form there is)")
  .option("--pretty", "indent the JSON")
  .option("--symbols <dir-or-url>", "where symbols may be; may be given more than once", collect, [])
  .option(
    "--symbols-cache <dir>",
    "where symcaches are kept (default: mayday-symcache in the temporary folder)",
  )
  .option("--no-improvements", "walk exactly as minidump-stackwalk does, so that the two can be compared")
  .addHelpText(
    "after",
    () =>
      `\nImprovements over minidump-stackwalk:\n${Object.entries(walkImprovements)
        .map(([name, says]) => `  ${name}: ${says}`)
        .join("\n")}`,
  )
  .action(async (dump, options) => {
    const { stackwalk } = await import("./stackwalk-command.ts");
    await stackwalk(dump, options);
  });

addSymbolsCommands(program);

const signatureOptions = (command: Command) =>
  command.option("--switch <name>", "turn a switch on; may be given more than once", collect).addHelpText(
    "after",
    () =>
      `\nSwitches, where signatures can be made otherwise than siggen makes them (default: SIGNATURE_SWITCHES):\n${Object.entries(
        signatureSwitches,
      )
        .map(([name, says]) => `  ${name}: ${says}`)
        .join("\n")}`,
  );

const signature = signatureOptions(program.command("signature"))
  .description(
    "make signatures of crash data: JSON lines in siggen's schema on standard input, JSON lines {signature, notes, extra} on standard output",
  )
  .option("--siglists <dir>", "folder of the four lists (default: SIGNATURE_LISTS, else the project's own)")
  .option("--explain", "tell the steps that led to each signature, as `steps`")
  .action(async (options) => {
    const { signature } = await import("./signature/signature-command.ts");
    await signature(options);
  });

signatureOptions(signature.command("diff"))
  .description("show what other lists would do to the signatures of crashes, in files or stored")
  .argument(
    "[file...]",
    "crash data or processed crashes: JSON lines, .json, either .gz, or - for standard input; without files the stored crashes",
  )
  .requiredOption("--siglists <dir>", "folder of the lists to try")
  .option("--against <dir>", "folder of the lists to compare with (default: those in use)")
  .option("--data <dir>", "the pipeline's data folder (default: MAYDAY_DATA_DIR, else ./data)")
  .option(
    "--search <query>",
    "only stored crashes that this Super Search query finds: 'product=Teapot&date=>=2026-08-01'",
  )
  .option("--webapp <url>", "let this webapp answer the search: needed while the pipeline runs", address)
  .option("--sample <n>", "at most so many stored crashes, a fair sample of them", atLeastOne)
  .option("--json", "print all of it as JSON")
  .action(async (files, options, command: Command) => {
    const unused = ["data", "search", "webapp", "sample"].filter((name) => Object.hasOwn(options, name));
    if (files.length > 0 && unused.length > 0)
      command.error(`files are given: --${unused[0]} is about stored crashes`);
    if (options.webapp !== undefined && options.search === undefined)
      command.error("--webapp is there to answer a --search");
    const { openFsObjectStore } = await import("@mayday/storage/fs");
    const { signatureDiff } = await import("./signature/diff-command.ts");
    await signatureDiff(files, options, {
      openObjectStore: openFsObjectStore,
      openEngine: async (path) => (await import("@mayday/search/duckdb")).openDuckDbEngine({ path }),
    });
  });

// Whoever read the output has seen enough, as `head` has.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) process.exit(0);
    console.error(`USAGE: ${error.message.replace(/^error: /, "")}; mayday --help tells more`);
    process.exit(BAD_USAGE);
  }
  console.error(errorLine(error));
  process.exit(FAILED);
}
