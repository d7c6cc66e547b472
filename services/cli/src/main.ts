import { errorLine } from "@mayday/errors";
import { Command, CommanderError, InvalidArgumentError } from "commander";

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
  .option(
    "--sample <n>",
    "add a sample of so many crashes of invented products, to see the pages with life in them",
    parseCount,
  )
  .action(async ({ sample }: { sample?: number }) => {
    const { up } = await import("./up/up.ts");
    await up(process.env, sample);
  });

/** The other commands, by what they work on. */
const parts: readonly { commands: readonly string[]; add: () => Promise<void> }[] = [
  {
    commands: ["stackwalk", "minidump"],
    add: async () => (await import("./minidump/add-minidump-commands.ts")).addMinidumpCommands(program),
  },
  {
    commands: ["symcache", "symbolicate", "symbols"],
    add: async () =>
      (await import("./symbols/add-symbols-commands.ts")).addSymbolsCommands(program, {
        openSymbolStore: async () => {
          const { openSymbolObjects } = await import("@mayday/storage/open");
          const { readSymbolStoreSettings } = await import("./symbols/settings.ts");
          return openSymbolObjects(readSymbolStoreSettings(process.env));
        },
        openEngine: async () => {
          const { openConfiguredEngine } = await import("@mayday/search/open");
          const { readIndexSettings } = await import("./symbols/settings.ts");
          return openConfiguredEngine(readIndexSettings(process.env));
        },
      }),
  },
  {
    commands: ["tokens", "bugs", "audit", "usage"],
    add: async () =>
      (await import("./records/add-records-commands.ts")).addRecordsCommands(
        program,
        async (settings) => (await import("@mayday/records/open")).openRecords(settings),
        async (path) => (await import("@mayday/search/duckdb")).readUsageRows(path),
      ),
  },
  {
    commands: ["supersearch", "supersearchfacet", "fetch-data"],
    add: async () => (await import("./search/add-search-commands.ts")).addSearchCommands(program),
  },
  {
    commands: ["index", "export"],
    add: async () =>
      (await import("./index-commands/add-index-commands.ts")).addIndexCommands(program, {
        openObjects: async (settings) => (await import("@mayday/storage/open")).openCrashObjects(settings),
        openFile: async (path) => (await import("@mayday/search/duckdb")).openDuckDbEngine({ path }),
        migrate: async (settings) => (await import("@mayday/search/open")).migrateConfiguredIndex(settings),
        openShared: async (settings) => (await import("@mayday/search/open")).openConfiguredEngine(settings),
        writeParquet: async (path, batches) =>
          (await import("@mayday/search/duckdb")).writeParquet(path, batches),
      }),
  },
  {
    commands: ["jobs", "delete", "reprocess"],
    add: async () =>
      (await import("./jobs/add-jobs-commands.ts")).addJobsCommands(program, async (settings) =>
        (await import("@mayday/records/open")).openRecords(settings),
      ),
  },
  {
    commands: ["check"],
    add: async () => {
      program
        .command("check")
        .description("ask all that Mayday needs, and say in a line each what is wrong and how to mend it")
        .option("--json", "as JSON")
        .action(async (options) =>
          (await import("./check/check-command.ts")).check(options, {
            openCrashes: async (settings) =>
              (await import("@mayday/storage/open")).openCrashObjects(settings),
            openSymbols: async (settings) =>
              (await import("@mayday/storage/open")).openSymbolObjects(settings),
            openEngine: async (settings) =>
              (await import("@mayday/search/open")).openConfiguredEngine(settings),
            openRecords: async (settings) => (await import("@mayday/records/open")).openRecords(settings),
          }),
        );
    },
  },
  {
    commands: ["queues"],
    add: async () => {
      program
        .command("queues")
        .description("show how the queues stand: what waits, how long, what is in work, what failed")
        .option("--json", "as JSON")
        .option("--watch", "go on showing it, every two seconds")
        .option("--url <url>", "the webapp (default: MAYDAY_URL, else the one of MAYDAY_DATA_DIR)")
        .option("--token <token>", "an API token (default: MAYDAY_TOKEN, else one made for this command)")
        .action(async (options) =>
          (await import("./queues/queues-command.ts")).queues(options, async (settings) =>
            (await import("@mayday/records/open")).openRecords(settings),
          ),
        );
    },
  },
  {
    commands: ["signature"],
    add: async () =>
      (await import("./signature/add-signature-commands.ts")).addSignatureCommands(program, {
        openObjectStore: async (folder) => (await import("@mayday/storage/fs")).openFsObjectStore(folder),
        openEngine: async (path) => (await import("@mayday/search/duckdb")).openDuckDbEngine({ path }),
      }),
  },
];
// Loading the parts that were not asked for would take a good part of a short command's time.
const asked = parts.filter(({ commands }) => commands.includes(process.argv[2] ?? ""));
for (const { add } of asked.length > 0 ? asked : parts) await add();

// Whoever read the output has seen enough, as `head` has.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync(withoutHelpForNothing(process.argv.slice(2)), { from: "user" });
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) process.exit(0);
    const says = error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ");
    console.error(`USAGE: ${says}; mayday --help tells more`);
    process.exit(BAD_USAGE);
  }
  console.error(errorLine(error));
  process.exit(FAILED);
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return Number(text);
}

/** The arguments; where they ask for the help of a command that is none, the command alone, which is an error. */
function withoutHelpForNothing(args: readonly string[]): readonly string[] {
  const path = args[0] === "help" ? args.slice(1) : args;
  let command = program;
  for (const [index, name] of path.entries()) {
    // Options, and words for a command that has none below it.
    if (name.startsWith("-") || command.commands.length === 0) return args;
    const next = command.commands.find((one) => one.name() === name || one.aliases().includes(name));
    if (next === undefined) return name === "help" ? args : path.slice(0, index + 1);
    command = next;
  }
  return args;
}
