import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { NamedOptions } from "../../run-named.ts";
import { readCases, readVersions } from "./cases.ts";
import { compareCase } from "./compare-case.ts";

const defaultFolder = fileURLToPath(new URL("../../../../shared/data/processor-cases", import.meta.url));

/**
 * Processes reports with the rules of the processor and compares every field with what Socorro made of them. A field
 * that differs by one of Socorro's faults, and by nothing else, is named with the fault.
 */
export async function processor({ cases: folder = defaultFolder, json }: NamedOptions): Promise<boolean> {
  const versions = readVersions(folder);
  const cases = readCases(folder);
  const lines: string[] = [];
  const tally = {
    equal: 0,
    named: 0,
    fields: new Map<string, string[]>(),
    reasons: new Map<string, number>(),
  };
  for (const one of cases) {
    const { differs, named } = await compareCase(one, versions);
    const isEqual = differs.length === 0;
    if (isEqual && named.length === 0) tally.equal++;
    else if (isEqual) tally.named++;
    count(tally.reasons, [...new Set(named.map((text) => text.slice(text.indexOf(": ") + 2)))]);
    for (const field of differs) tally.fields.set(field, [...(tally.fields.get(field) ?? []), one.name]);
    lines.push(JSON.stringify({ case: one.name, equal: isEqual && named.length === 0, differs, named }));
  }
  if (json !== undefined) writeFileSync(json, `${lines.join("\n")}\n`);
  for (const [field, names] of [...tally.fields].sort(([, a], [, b]) => b.length - a.length))
    console.log(`${field}: ${names.length} cases differ (${names.slice(0, 8).join(" ")})`);
  for (const [reason, number] of [...tally.reasons].sort(([, a], [, b]) => b - a))
    console.log(`named: ${reason}: ${number} cases`);
  const { equal, named } = tally;
  const differ = cases.length - equal - named;
  console.log(
    `processor: ${cases.length} cases: ${equal} equal, ${named} equal but for named differences, ${differ} differ`,
  );
  return differ === 0 && cases.length > 0;
}

function count(into: Map<string, number>, names: readonly string[]): void {
  for (const name of names) into.set(name, (into.get(name) ?? 0) + 1);
}
