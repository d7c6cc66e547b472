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

/**
 * Runs the programs that the command line names, or all of them, one after the other.
 * @param command as people type it
 * @param programs by name; one may answer false: it ran, and what it looked at is not as it should be
 */
export async function runNamed(
  command: string,
  programs: Readonly<Record<string, (options: NamedOptions) => Promise<unknown>>>,
): Promise<void> {
  const { positionals: asked, values } = parseArgs({
    allowPositionals: true,
    options: {
      cases: { type: "string" },
      json: { type: "string" },
      engine: { type: "string" },
      crashes: { type: "string" },
      count: { type: "string" },
      only: { type: "string" },
      data: { type: "string" },
    },
  });
  const unknown = asked.filter((name) => !Object.hasOwn(programs, name));
  if (unknown.length > 0) {
    console.error(`usage: ${command} [-- ${Object.keys(programs).join(" | ")}]`);
    process.exit(2);
  }
  usePeers();
  for (const [name, program] of Object.entries(programs)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    console.log(`\n${name}`);
    if ((await program(values)) === false) process.exitCode = 1;
  }
}
