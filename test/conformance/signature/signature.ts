import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  type CrashData,
  defaultSiglistsFolder,
  generateSignature,
  loadSiglists,
  type Siglists,
} from "@mayday/signature";
import { absent, sharedFile } from "../../bench/measure.ts";
import { generateCrashes } from "./generator/generate-crashes.ts";
import { slowestHostileName } from "./hostile-names.ts";
import { listedNames } from "./listed-names.ts";
import { ruleDocuments } from "./rule-documents.ts";
import { type Answer, answerOf, areEqual, askSiggen, type SiggenAnswer, siggenVersion } from "./siggen.ts";

const SEED = Number(process.env["MAYDAY_SEED"] ?? 20_260_820);
const GENERATED = 20_000;
const HOSTILE_LIMIT_MS = 50;
const SHOWN = 5;

/** Holds signatures against Socorro's answers and against siggen 2.2, with Mozilla's lists. */
export async function signature(): Promise<boolean> {
  const lists = sharedFile("socorro-siglists");
  const cases = sharedFile("signature-cases/cases.jsonl.gz");
  const expected = sharedFile("signature-cases/expected-socorro-2026-08.jsonl.gz");
  if (lists === undefined || cases === undefined || expected === undefined) {
    absent("Mozilla's lists and Socorro's answers (MAYDAY_SHARED_DATA)");
    return true;
  }
  const siglists = await loadSiglists(lists);
  const crashes = jsonLines<CrashData>(cases);
  const socorro = asSocorro(crashes, jsonLines<Answer>(expected), siglists);
  const hostile = hostileNames([siglists, await loadSiglists(defaultSiglistsFolder)]);
  const version = siggenVersion();
  if (version === undefined) {
    absent("siggen (pip install siggen)");
    return socorro && hostile;
  }
  const documents = await documentsOfRules(lists, siglists);
  const recorded = await asSiggen(`siggen ${version}, the same 500`, crashes, lists, siglists);
  const generated = Array.from(generateCrashes(SEED, GENERATED, listedNames(lists)));
  const title = `siggen ${version}, ${GENERATED} generated crashes (seed ${SEED}, MAYDAY_SEED)`;
  const random = await asSiggen(title, generated, lists, siglists);
  return socorro && hostile && documents && recorded && random;
}

function jsonLines<T>(file: string): T[] {
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as T);
}

const ours = (crash: CrashData, siglists: Siglists): Answer => answerOf(generateSignature(crash, siglists));

function asSocorro(crashes: readonly CrashData[], theirs: readonly Answer[], siglists: Siglists): boolean {
  const differing = crashes.filter((crash, index) => !areEqual(ours(crash, siglists), theirs[index]!));
  const equal = crashes.length - differing.length;
  console.log(
    `  Socorro's own answers: ${equal} of ${crashes.length} equal (signature, notes, proto signature)`,
  );
  return differing.length === 0 && theirs.length === crashes.length;
}

function hostileNames(lists: readonly Siglists[]): boolean {
  const slowest = lists.map((siglists) => slowestHostileName(siglists)).toSorted((a, b) => b.ms - a.ms)[0]!;
  const { ms, part, tried } = slowest;
  console.log(
    `  ${tried} hostile names of 100 kB, with Mozilla's and the own lists: the slowest takes ${ms.toFixed(1)} ms (${JSON.stringify(part)})`,
  );
  return ms < HOSTILE_LIMIT_MS;
}

/** Documents for every rule: equal to siggen, or different in the very kinds that the document is about. */
async function documentsOfRules(lists: string, siglists: Siglists): Promise<boolean> {
  const answers = await askSiggen(
    lists,
    ruleDocuments.map(({ crash }) => crash),
  );
  const problems = ruleDocuments.flatMap(({ says, crash, kinds = [], failsIn }, index) => {
    const { siggen, changed, kinds: found } = answers[index]!;
    const mine = ours(crash, siglists);
    const failed = (notes: readonly string[]) =>
      notes.find((note) => note.includes("Rule failed"))?.split(":")[0];
    const isAsExpected =
      failsIn === undefined
        ? areEqual(mine, changed) && String(found) === String(kinds)
        : failed(siggen.notes) === failsIn && failed(mine.notes) === undefined;
    return isAsExpected ? [] : [{ says, mine, siggen, changed, found }];
  });
  const differing = ruleDocuments.filter(({ kinds = [] }) => kinds.length > 0).length;
  const failing = ruleDocuments.filter(({ failsIn }) => failsIn !== undefined).length;
  const asExpected = ruleDocuments.length - problems.length;
  console.log(
    `  documents for every rule: ${asExpected} of ${ruleDocuments.length} as expected (${differing} show a named difference, in ${failing} siggen fails on a value's type)`,
  );
  for (const problem of problems.slice(0, SHOWN)) console.log("    unexpected:", JSON.stringify(problem));
  return problems.length === 0;
}

/** Equal to siggen with all named changes, for every crash; counts the crashes by the changes that they show. */
async function asSiggen(
  title: string,
  crashes: readonly CrashData[],
  lists: string,
  siglists: Siglists,
): Promise<boolean> {
  const answers = await askSiggen(lists, crashes);
  const mine = crashes.map((crash) => ours(crash, siglists));
  const unexplained = mine.flatMap((answer, index) => (isExplained(answer, answers[index]!) ? [] : [index]));
  const equal = mine.filter((answer, index) => areEqual(answer, answers[index]!.siggen)).length;
  const explained = mine.length - equal - unexplained.length;
  console.log(
    `  ${title}: ${equal} equal, ${explained} differ in named ways, ${unexplained.length} in others`,
  );
  const counts = Map.groupBy(
    answers.flatMap(({ kinds }) => kinds),
    (kind) => kind,
  );
  for (const [kind, found] of [...counts].sort((a, b) => b[1].length - a[1].length))
    console.log(`    ${String(found.length).padStart(6)}  ${kind}`);
  for (const index of unexplained.slice(0, SHOWN))
    console.log("    unexplained:", JSON.stringify({ index, mine: mine[index], ...answers[index] }));
  return unexplained.length === 0 && answers.length === crashes.length;
}

function isExplained(mine: Answer, { siggen, changed, kinds }: SiggenAnswer): boolean {
  return areEqual(mine, changed) && (kinds.length > 0 || areEqual(siggen, changed));
}
