import { absent, sharedFile } from "../../bench/measure.ts";
import { type Check, checkCases } from "./case-folders.ts";
import { dumpChecks } from "./dump-checks.ts";
import { signatureChecks } from "./signature-checks.ts";
import { symbolChecks } from "./symbol-checks.ts";

/** Folders of cases below the shared data, and what checks them. */
const suites: readonly { readonly folder: string; readonly checks: Readonly<Record<string, Check>> }[] = [
  { folder: "bug-cases", checks: { ...dumpChecks, ...symbolChecks, ...signatureChecks } },
];

/** Situations from public bug reports: each is answered as its `expected` says. */
export async function bugs(): Promise<boolean> {
  let areAllRight = true;
  for (const { folder, checks } of suites) {
    const cases = sharedFile(folder);
    if (cases === undefined) absent(`${folder} (MAYDAY_SHARED_DATA)`);
    else areAllRight = (await checkCases(folder, cases, checks)) && areAllRight;
  }
  return areAllRight;
}
