import { readFile } from "node:fs/promises";
import { MaydayError } from "@mayday/errors";
import { bugsOf } from "./signatures-of-bug.ts";
import { type OpenRecords, withRecords } from "./with-records.ts";

/** Takes the signatures of bugs into the records; a bug that names none any more is forgotten. */
export async function importBugs(file: string, open: OpenRecords): Promise<void> {
  const bugs = bugsOf(parsed(await readFile(file, "utf8"), file));
  if (bugs === undefined)
    throw new MaydayError("BUGS_UNREADABLE", `${file}: neither Bugzilla's nor GitHub's`);
  await withRecords(open, async (records) => {
    for (const { bug, signatures } of bugs) await records.bugs.set(bug, signatures);
  });
  const named = bugs.reduce((sum, { signatures }) => sum + signatures.length, 0);
  console.log(`${bugs.length} bugs, which name ${named} signatures`);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MaydayError("BUGS_UNREADABLE", `${file}: ${(error as Error).message}`);
  }
}
