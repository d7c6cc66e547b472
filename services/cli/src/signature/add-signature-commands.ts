import { signatureSwitches } from "@mayday/signature";
import { type Command, InvalidArgumentError } from "commander";
import type { DiffOptions, Openers } from "./diff-command.ts";

const collect = (value: string, earlier: string[] = []) => [...earlier, value];

/** Adds `signature` and, below it, `diff`. */
export function addSignatureCommands(program: Command, openers: Openers): void {
  const signature = program
    .command("signature")
    .description(
      "make signatures of crash data: JSON lines in siggen's schema on standard input, JSON lines {signature, notes, extra} on standard output",
    )
    .option("--siglists <dir>", "folder of the four lists (default: SIGNATURE_LISTS, else the project's own)")
    .option("--parity", "exactly as Socorro, without the named improvements")
    .option("--explain", "tell the steps that led to each signature, as `steps`")
    .action(async (options) => {
      const { signatureCommand } = await import("./signature-command.ts");
      await signatureCommand(options);
    });
  const diff = signature
    .command("diff")
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
    .option("--webapp <url>", "let this webapp answer the search: needed while the pipeline runs", parseUrl)
    .option("--sample <n>", "at most so many stored crashes, a fair sample of them", parseCount)
    .option("--json", "print all of it as JSON")
    .action(async (files: string[], options: DiffOptions, command: Command) => {
      const problem = problemOf(files, options);
      if (problem !== undefined) command.error(problem);
      const { diffCommand } = await import("./diff-command.ts");
      await diffCommand(files, options, openers);
    });
  for (const command of [signature, diff]) {
    command
      .option("--switch <name>", "turn a switch on; may be given more than once", collect)
      .addHelpText("after", switchesText);
  }
}

function switchesText(): string {
  const title = "Switches, where signatures can be made otherwise than siggen makes them";
  const switches = Object.entries(signatureSwitches).map(([name, says]) => `  ${name}: ${says}`);
  return `\n${title} (default: SIGNATURE_SWITCHES):\n${switches.join("\n")}`;
}

/** What is wrong with options that do not go together. */
function problemOf(
  files: readonly string[],
  { data, search, webapp, sample }: DiffOptions,
): string | undefined {
  const unused = Object.entries({ data, search, webapp, sample }).find(([, value]) => value !== undefined);
  if (files.length > 0 && unused !== undefined)
    return `files are given: --${unused[0]} is about stored crashes`;
  return webapp !== undefined && search === undefined ? "--webapp is there to answer a --search" : undefined;
}

function parseUrl(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError("It must be http(s)://….");
  return text;
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InvalidArgumentError("It must be a whole number of at least 1.");
  return Number(text);
}
