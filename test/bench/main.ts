import { collector } from "./collector.ts";
import { hostile } from "./hostile.ts";
import { intake } from "./intake.ts";
import { symcache } from "./symcache.ts";
import { walking } from "./walking.ts";

/** Measures one thing and prints it beside a peer or a limit, from the same run. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  collector,
  hostile,
  intake,
  symcache,
  walking,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0 || asked.includes("--help")) {
  console.error(`usage: npm run bench [-- ${Object.keys(benches).join(" | ")}]`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n${name}`);
  await bench();
}
