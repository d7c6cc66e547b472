import {
  Chance,
  randomCrashes,
  randomQuery,
} from "../../../packages/search/src/conformance/random-crashes.ts";
import { openDuckDbEngine } from "../../../packages/search/src/duckdb/index.ts";
import { parseSuperSearch, type SearchEngine } from "../../../packages/search/src/index.ts";
import { openNaiveEngine } from "../../../packages/search/src/naive/index.ts";
import type { NamedOptions } from "../../run-named.ts";
import { engines } from "./engines.ts";

const NOW = new Date("2026-11-29T12:00:00Z");
const BATCH = 500;
/** A line is printed each time that so many searches more were made. */
const TOLD = 100;
const MOST_SHOWN = 20;

/**
 * Asks random searches of random crashes: both engines must answer as a plain look at every crash does. MAYDAY_SEED gives
 * the same again; `--crashes N`, `--count N` (of searches), `--engine duckdb` for DuckDB alone.
 */
export async function queries({ crashes = "20000", count = "2000", engine }: NamedOptions): Promise<boolean> {
  const seed = Number(process.env["MAYDAY_SEED"] ?? Date.now() % 1_000_000);
  console.log(`  seed ${seed}`);
  const chance = new Chance(seed);
  const naive = openNaiveEngine();
  const compared = new Map<string, SearchEngine>([
    ["DuckDB", await openDuckDbEngine({ path: ":memory:", memoryLimitMb: 1024 })],
  ]);
  const openSearch = engine === "duckdb" ? undefined : await engines["opensearch"]!();
  if (openSearch !== undefined) compared.set("OpenSearch", openSearch);
  try {
    for (let left = Number(crashes); left > 0; left -= BATCH) {
      const batch = randomCrashes(chance, Math.min(BATCH, left));
      for (const one of [naive, ...compared.values()]) await one.add(batch);
    }
    let approximate = 0;
    const differing = new Map([...compared.keys()].map((name) => [name, 0]));
    for (let i = 0; i < Number(count); i++) {
      const query = randomQuery(chance);
      const plan = parseSuperSearch(query, { now: NOW, parity: chance.is(0.3) });
      const expected = JSON.stringify(await naive.search(plan), exact);
      for (const [name, one] of compared) {
        const answer = JSON.stringify(await one.search(plan).catch(String), exact);
        if (answer === expected) continue;
        // Its counts of values are approximate beyond some thousands.
        if (name === "OpenSearch" && isButForCounts(answer, expected)) {
          approximate++;
          continue;
        }
        const sofar = differing.get(name)! + 1;
        differing.set(name, sofar);
        if (sofar <= MOST_SHOWN) console.log(`    ${name} differs: ${new URLSearchParams(query)}`);
      }
      if ((i + 1) % TOLD === 0) console.error(`  ${i + 1} of ${count} asked`);
    }
    for (const [name, sofar] of differing)
      console.log(`  ${name}: ${Number(count) - sofar} of ${count} searches over ${crashes} crashes equal`);
    if (approximate > 0)
      console.log(`  OpenSearch: ${approximate} of them but for approximate counts of values`);
    return [...differing.values()].every((sofar) => sofar === 0);
  } finally {
    for (const one of compared.values()) await one.close();
  }
}

const COUNTS = /("cardinality_[a-z0-9_]+":\{"value":)\d+/g;
const isButForCounts = (one: string, other: string): boolean =>
  one.replaceAll(COUNTS, "$1") === other.replaceAll(COUNTS, "$1");

/** Objects with their names in order; whole numbers of any size. */
function exact(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  // Zero is one number, however it is reached.
  if (value === 0) return 0;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
