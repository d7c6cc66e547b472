import { errorLine } from "@mayday/crash";
import { Command, CommanderError } from "commander";
import { addMinidumpCommands } from "./minidump/add-minidump-commands.ts";
import { addSignatureCommands } from "./signature/add-signature-commands.ts";
import { addSymbolsCommands } from "./symbols/add-symbols-commands.ts";

/** Ran and the answer is no; bad usage. */
const FAILED = 1;
const BAD_USAGE = 2;

const program = new Command("mayday")
  .description("Crash-ingestion pipeline: collect, symbolicate, group and search crash reports.")
  // An option belongs to the command that it follows: `signature diff` has options that `signature` has too.
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

addMinidumpCommands(program);

addSymbolsCommands(program);
addSignatureCommands(program, {
  openObjectStore: async (folder) => (await import("@mayday/storage/fs")).openFsObjectStore(folder),
  openEngine: async (path) => (await import("@mayday/search/duckdb")).openDuckDbEngine({ path }),
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
