import { parseArgs } from "node:util";
import { usePeers } from "./peers.ts";

/** What some programs take besides their name. */
export interface NamedOptions {
  /** A folder of cases. */
  readonly cases?: string;
  /** A file to write, a line of JSON for each case. */
  readonly json?: string;
  /** The search engine to compare. */
  readonly engine?: string;
  /** How many crashes to generate. */
  readonly crashes?: string;
  /** How many times to do it. */
  readonly count?: string;
  /** Names of the cases to try, separated by commas. */
  readonly only?: string;
  /** A folder that is kept, and used again. */
  readonly data?: string;
}

const options = [
  "cases",
  "json",
  "engine",
  "crashes",
  "count",
  "only",
  "data",
] as const satisfies readonly (keyof NamedOptions)[];

/**
 * Runs the programs that the command line names, or all of them, one after the other.
 * @param command as people type it
 * @param programs by name; one may answer false: it ran, and what it looked at is not as it should be
 */
export async function runNamed(
  command: string,
  programs: Readonly<Record<string, (options: NamedOptions) => Promise<unknown>>>,
): Promise<void> {
  const usage = `usage: ${command} [-- ${Object.keys(programs).join(" | ")}] [${options.map((name) => `--${name} …`).join("] [")}]`;
  const { asked, values } = readArguments(usage);
  const unknown = asked.filter((name) => !Object.hasOwn(programs, name));
  if (unknown.length > 0) refuse(`there is no ${unknown.join(", ")}\n${usage}`);
  usePeers();
  for (const [name, program] of Object.entries(programs)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    console.log(`\n${name}`);
    if ((await program(values)) === false) process.exitCode = 1;
  }
}

function readArguments(usage: string): { asked: readonly string[]; values: NamedOptions } {
  const named = Object.fromEntries(options.map((name) => [name, { type: "string" } as const]));
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { ...named, help: { type: "boolean" } },
    });
    if (values["help"] !== true) return { asked: positionals, values: values as NamedOptions };
    console.log(usage);
    process.exit(0);
  } catch (error) {
    refuse(`${(error as Error).message.split(". ")[0]}\n${usage}`);
  }
}

function refuse(why: string): never {
  console.error(why);
  process.exit(2);
}
