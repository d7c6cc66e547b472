import { errorLine } from "@mayday/crash";
import { Command, CommanderError } from "commander";
import { addMinidumpCommands } from "./minidump/add-minidump-commands.ts";
import { addSymbolsCommands } from "./symbols/add-symbols-commands.ts";

/** Ran and the answer is no; bad usage. */
const FAILED = 1;
const BAD_USAGE = 2;

const program = new Command("mayday")
  .description("Crash-ingestion pipeline: collect, symbolicate, group and search crash reports.")
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
