import { walkImprovements } from "@mayday/stackwalk";
import type { Command } from "commander";
import { withOneShotSymbolOptions } from "../symbols/symbol-options.ts";

const collect = (value: string, earlier: string[]) => [...earlier, value];

/** Commands on minidump files. */
export function addMinidumpCommands(program: Command): void {
  const stackwalk = program
    .command("stackwalk")
    .description("walk the stacks of a minidump; prints JSON in minidump-stackwalk's schema")
    .argument("<dump>", "the minidump")
    .option("--json", "print JSON (the default)")
    .option("--human", "print text for people")
    .option("--brief", "with --human: only the crash and its thread")
    .option("--pretty", "indent the JSON")
    .option(
      "--evil-json <file>",
      "the client's annotations: certificates of modules, microcode of the processor",
    )
    .option("--output-file <file>", "write to a file instead of standard output");
  withOneShotSymbolOptions(stackwalk)
    .option("--no-improvements", "walk exactly as minidump-stackwalk does, so that the two can be compared")
    .option("--without <improvement>", "leave one improvement out; may be given more than once", collect, [])
    .addHelpText("after", improvementsHelp)
    .action(async (dump, options) => {
      const { stackwalk } = await import("./stackwalk-command.ts");
      await stackwalk(dump, options);
    });

  const sanitize = program
    .command("minidump")
    .description("work on minidump files")
    .command("sanitize")
    .description("make a minidump that may be shared: of memory it keeps only what walking it depends on")
    .argument("<dump>", "the minidump")
    .requiredOption("-o, --output <file>", "where to write the sanitized minidump");
  withOneShotSymbolOptions(sanitize).action(async (dump, options) => {
    const { sanitizeFile } = await import("./sanitize-command.ts");
    await sanitizeFile(dump, options);
  });
}

function improvementsHelp(): string {
  const lines = Object.entries(walkImprovements).map(([name, says]) => `  ${name}: ${says}`);
  return `\nImprovements over minidump-stackwalk:\n${lines.join("\n")}`;
}
