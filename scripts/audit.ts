import { spawnSync } from "node:child_process";

interface Audit {
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly name: string; readonly severity: string; readonly range: string }>
  >;
}

/** Known weaknesses of what ships. Where the registry cannot be asked this is told, and nothing fails. */
const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], {
  encoding: "utf8",
  maxBuffer: 1024 ** 3,
});
const { vulnerabilities } = auditIn(stdout);
if (vulnerabilities === undefined)
  console.log("the registry does not tell of weaknesses here: nothing is checked");
else {
  const found = Object.values(vulnerabilities);
  for (const { name, severity, range } of found) console.error(`${name} ${range}: ${severity}`);
  console.log(`${found.length} packages that ship have known weaknesses`);
  if (found.some(({ severity }) => severity === "high" || severity === "critical")) process.exit(1);
}

function auditIn(text: string): Audit {
  try {
    return JSON.parse(text) as Audit;
  } catch {
    return {};
  }
}
