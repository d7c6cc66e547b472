import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Mayday, maydayIn } from "./mayday.ts";

/** A case as its check sees it: its folder, which is a copy, and `mayday` run in it. */
export interface Case {
  readonly folder: string;
  readonly mayday: Mayday;
}

/** Finds what is not as the case's `expected` says; each problem is a line for people. Empty when all is right. */
export type Check = (one: Case) => Promise<readonly string[]>;

/**
 * Runs the check of every case of a folder and prints the cases that are not as they should be, and the figure.
 * @param title of the figure
 * @param checks by the name of the case's folder; a case without one counts as wrong: nobody looks at it
 */
export async function checkCases(
  title: string,
  folder: string,
  checks: Readonly<Record<string, Check>>,
): Promise<boolean> {
  const scratch = mkdtempSync(join(tmpdir(), "mayday-cases-"));
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  let right = 0;
  try {
    for (const name of names) {
      const copy = join(scratch, name);
      mkdirSync(copy);
      cpSync(join(folder, name), copy, { recursive: true, mode: 0 });
      const check = checks[name] ?? (async () => ["there is no check for it"]);
      const one = { folder: copy, mayday: maydayIn(copy, join(scratch, "symcaches")) };
      const problems = await check(one).catch((error) => [String(error)]);
      if (problems.length === 0) right++;
      else console.log(`  ${name}:\n${problems.map((problem) => `    ${problem}`).join("\n")}`);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  console.log(`  ${title}: ${right} of ${names.length} as expected`);
  return right === names.length;
}
