import { storage } from "./storage.ts";

/** Runs one package's suite against real counterparts. */
const suites: Readonly<Record<string, () => Promise<boolean>>> = { storage };

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0 || asked.includes("--help")) {
  console.error(`usage: npm run conformance [-- ${Object.keys(suites).join(" | ")}]`);
  process.exit(2);
}
for (const [name, suite] of Object.entries(suites)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n${name}`);
  if (!(await suite())) process.exitCode = 1;
}
