import { absent, sharedFile } from "../../bench/measure.ts";
import { checkCases } from "./case-folders.ts";
import { checkClientCases } from "./client-cases.ts";
import { dumpChecks } from "./dump-checks.ts";
import { signatureChecks } from "./signature-checks.ts";
import { symbolChecks } from "./symbol-checks.ts";

/** Folders of cases below the shared data, and what checks them. */
const suites: Readonly<Record<string, (folder: string) => Promise<boolean>>> = {
  "bug-cases": (folder) =>
    checkCases("bug-cases", folder, { ...dumpChecks, ...symbolChecks, ...signatureChecks }),
  "client-cases": checkClientCases,
};

/** Situations from public bug reports: each is answered as its `expected` says. */
export async function bugs(): Promise<boolean> {
  let areAllRight = true;
  for (const [name, check] of Object.entries(suites)) {
    const folder = sharedFile(name);
    if (folder === undefined) absent(`${name} (MAYDAY_SHARED_DATA)`);
    else areAllRight = (await check(folder)) && areAllRight;
  }
  return areAllRight;
}
