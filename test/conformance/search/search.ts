import { randomUUID } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { newCrashId, parseCrashId, parseExactJson } from "../../../packages/crash/src/index.ts";
import {
  type SearchDocument,
  type SearchEngine,
  searchDocument,
  semicolonElements,
  standardWords,
} from "../../../packages/search/src/index.ts";
import { absent, sharedFile } from "../../bench/measure.ts";
import type { NamedOptions } from "../../run-named.ts";
import { type Askable, askable, NOW } from "./ask.ts";
import {
  linesOf,
  processedCrash,
  type RecordedDocument,
  type RecordedTokens,
  type SearchCase,
} from "./cases.ts";
import { type Comparison, compare, isEqual } from "./compare.ts";
import { engines } from "./engines.ts";
import { parityReasons } from "./parity-reasons.ts";

const BATCH = 500;

/**
 * Asks the webapp's API what Crash Stats was asked, over the same documents, and compares the answers: as searches are
 * read by default, and where that differs with SEARCH_PARITY.
 */
export async function search({ cases, json, engine: named = "duckdb" }: NamedOptions): Promise<boolean> {
  const folder = cases ?? sharedFile("search-cases");
  if (folder === undefined || !existsSync(folder)) {
    absent("the recorded searches (MAYDAY_SHARED_DATA, or --cases DIR)");
    return true;
  }
  const open = engines[named];
  if (open === undefined) throw new Error(`--engine is one of ${Object.keys(engines).join(", ")}`);
  const areWordsEqual = compareWords(folder);
  const engine = await open();
  if (engine === undefined) return true;
  const asked = await Promise.all([askable(engine, false), askable(engine, true)]);
  try {
    await addDocuments(engine, folder);
    const report = await compareCases(
      linesOf<SearchCase>(folder, "search-cases.jsonl.gz"),
      asked[0],
      asked[1],
    );
    if (json !== undefined) writeFileSync(json, report.map((line) => `${JSON.stringify(line)}\n`).join(""));
    return areWordsEqual && report.every(({ equal, named }) => equal || named.length > 0);
  } finally {
    await Promise.all(asked.map((one) => one.close()));
    await engine.close();
  }
}

function compareWords(folder: string): boolean {
  if (!existsSync(`${folder}/tokens.jsonl.gz`)) return true;
  const recorded = linesOf<RecordedTokens>(folder, "tokens.jsonl.gz");
  const different = recorded.filter(
    ({ text, standard, semicolon_keywords }) =>
      !isEqual(standardWords(text), standard) || !isEqual(semicolonElements(text), semicolon_keywords),
  );
  for (const { text } of different) console.log(`    words of ${JSON.stringify(text.slice(0, 100))} differ`);
  console.log(`  words: ${recorded.length - different.length} of ${recorded.length} texts equal`);
  return different.length === 0;
}

async function addDocuments(engine: SearchEngine, folder: string): Promise<void> {
  const recorded = linesOf<RecordedDocument>(folder, "documents.jsonl.gz");
  const documents = recorded
    .filter(({ indexing }) => indexing.saved)
    .map(({ processed_crash }) => recordedDocument(processedCrash(processed_crash)));
  for (let at = 0; at < documents.length; at += BATCH) await engine.add(documents.slice(at, at + BATCH));
  console.log(
    `  ${documents.length} documents of ${recorded.length} (Crash Stats could not save the others)`,
  );
}

/** Crash Stats indexes what has no crash id too; here such a crash gets one, and is found under what it had. */
function recordedDocument(processed: Readonly<Record<string, unknown>>): SearchDocument {
  const { uuid } = processed;
  if (typeof uuid === "string" && parseCrashId(uuid) !== undefined) return searchDocument(processed);
  const document = searchDocument({ ...processed, uuid: newCrashId(randomUUID(), NOW, 0) });
  return { ...document, fields: { ...document.fields, uuid: typeof uuid === "string" ? uuid : "BAD DATA" } };
}

interface Line {
  readonly case: string;
  readonly equal: boolean;
  readonly differs: readonly string[];
  readonly named: readonly string[];
}

async function compareCases(cases: readonly SearchCase[], plain: Askable, parity: Askable): Promise<Line[]> {
  const lines: Line[] = [];
  let plainEqual = 0;
  const byGroup = new Map<string, Line[]>();
  for (const one of cases) {
    const byDefault = await compareOne(one, plain);
    const isPlain = byDefault.differs.length === 0;
    if (isPlain) plainEqual++;
    const line = isPlain
      ? lineOf(one, byDefault, [])
      : lineOf(one, await compareOne(one, parity), parityReasons(one));
    if (!isPlain && line.equal && line.named.length === 0)
      console.log(`    ${one.case} is equal with SEARCH_PARITY alone, and nothing tells why`);
    lines.push(line);
    byGroup.set(one.group, [...(byGroup.get(one.group) ?? []), line]);
  }
  for (const [group, ofGroup] of byGroup) {
    const different = ofGroup.filter(({ equal }) => !equal);
    if (different.length === 0) continue;
    const shown = different.slice(0, 8).map((line) => `${line.case} (${line.differs.join(", ")})`);
    console.log(`    ${group}: ${different.length} of ${ofGroup.length} differ: ${shown.join(" ")}`);
  }
  const equal = lines.filter((line) => line.equal);
  const exact = equal.filter(({ named }) => named.length === 0).length;
  console.log(`  by default ${plainEqual} equal; with SEARCH_PARITY where that differs:`);
  console.log(`  ${equal.length} of ${lines.length} equal (${exact} by default and with nothing named)`);
  return lines;
}

/** What differs for no named reason is not equal. */
function lineOf(
  { case: name }: SearchCase,
  { differs, named }: Comparison,
  reasons: readonly string[],
): Line {
  const equal = differs.length === 0;
  return { case: name, equal, differs, named: equal ? [...named, ...reasons] : [] };
}

async function compareOne(one: SearchCase, { ask }: Askable): Promise<Comparison> {
  const { status, text } = await ask(one.endpoint, queryOf(one), one.permissions);
  return compare(one, { status, body: parseExactJson(text) });
}

function queryOf(one: SearchCase): string {
  if (one.raw_query !== undefined) return one.raw_query;
  return new URLSearchParams(one.params.map(([name, value]): [string, string] => [name, value])).toString();
}
