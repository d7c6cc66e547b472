import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  comparable,
  hasPeer,
  peerJson,
  peerText,
  type WalkJson,
} from "../../../packages/stackwalk/src/test-support/peer.ts";
import { partOf } from "../../../packages/stackwalk/src/test-support/shared-data.ts";
import { walkJson, walkText } from "../../../packages/stackwalk/src/test-support/walk-output.ts";
import { absent, sharedFile } from "../../bench/measure.ts";
import { comparableLines } from "./comparable-text.ts";
import { type Difference, differences, differenceText } from "./compare.ts";
import { errorNames } from "./error-names.ts";
import { randomCrash } from "./random-crash.ts";

const RANDOM_DUMPS = 500;
const SEED = Number(process.env["MAYDAY_SEED"] ?? 1);
const COUNT = Number(process.env["MAYDAY_DUMPS"] ?? RANDOM_DUMPS);
const SHOWN = 6;

/**
 * Holds walks without improvements against `minidump-stackwalk`: every field of its JSON, and every line of its text,
 * whole and brief, must be equal but for what packages/stackwalk/README.md names.
 */
export async function stackwalk(): Promise<boolean> {
  if (!hasPeer) {
    absent("minidump-stackwalk (cargo install minidump-stackwalk)");
    return true;
  }
  const folder = mkdtempSync(join(tmpdir(), "mayday-conformance-"));
  try {
    const shared = await sharedDumps(folder);
    const firefox = await firefoxDumps(folder);
    const names = errorNames(folder);
    const random = await randomDumps(folder);
    console.log(`  each also with symbols from their texts, where these allow it: ${answeringTexts} did`);
    return shared && firefox && names && random;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** How many symbol files answered without a symcache. */
let answeringTexts = 0;

/** A dump that both programs walk, and the folder with its symbols. */
interface Case {
  readonly name: string;
  readonly dump: Uint8Array;
  readonly symbols: string;
}

/** Walks with both, ours with symbols from their texts, then from symcaches; prints where they differ. */
async function isEqual({ name, dump, symbols }: Case, folder: string): Promise<boolean> {
  const path = join(folder, "walked.dmp");
  writeFileSync(path, dump);
  const place = { symbols, cache: mkdtempSync(join(folder, "symcache-")), improved: false };
  const fromTexts = { ...place, onAnswerFromText: () => answeringTexts++ };
  let peers: WalkJson | undefined;
  const theirs = () => {
    peers ??= peerJson(path, symbols);
    return peers;
  };
  const found = [
    ...(await compared(
      () => walkJson(dump, fromTexts),
      theirs,
      (walked) => ({ "from texts": comparable(walked) }),
    )),
    ...(await compared(() => walkJson(dump, place), theirs, comparable)),
    ...(await compared(
      () => walkText(dump, place, false),
      () => peerText(path, symbols, false),
      comparableText,
    )),
    ...(await compared(
      () => walkText(dump, place, true),
      () => peerText(path, symbols, true),
      comparableBrief,
    )),
  ];
  if (found.length === 0) return true;
  console.log(`    ${name} differs in ${found.length} places:`);
  for (const difference of found.slice(0, SHOWN)) console.log(`      ${differenceText(difference)}`);
  return false;
}

const comparableText = (report: string) => ({ "lines of the text": comparableLines(report) });
const comparableBrief = (report: string) => ({ "lines of the brief text": comparableLines(report) });

/** The differences between what both made of a dump. Both may have failed with it. */
async function compared<T>(
  walkOurs: () => Promise<T>,
  walkTheirs: () => T,
  comparable: (output: T) => unknown,
): Promise<Difference[]> {
  const theirs = await attempt(walkTheirs, comparable);
  // Of dumps that the peer refuses for a part that is not there the rest is read here.
  return theirs === "failed" ? [] : differences(await attempt(walkOurs, comparable), theirs);
}

/** What a program made of a dump; `failed` where it made nothing. Why is not compared: each says it in its words. */
async function attempt<T>(walk: () => T | Promise<T>, comparable: (output: T) => unknown): Promise<unknown> {
  try {
    return comparable(await walk());
  } catch {
    return "failed";
  }
}

async function allEqual(title: string, cases: readonly Case[], folder: string): Promise<boolean> {
  let equal = 0;
  for (const one of cases) if (await isEqual(one, folder)) equal++;
  console.log(`  ${title}: ${equal} of ${cases.length} equal`);
  return equal === cases.length;
}

/** The dumps of other readers' tests, with and without symbols. */
async function sharedDumps(folder: string): Promise<boolean> {
  const cases: Case[] = [];
  // Without any place to look the peer does not even say that symbols are missing.
  const nothing = mkdtempSync(join(folder, "no-symbols-"));
  for (const reader of ["breakpad", "rust-minidump"]) {
    const place = sharedFile(reader);
    if (place === undefined) {
      absent(`the dumps of ${reader} (MAYDAY_SHARED_DATA)`);
      continue;
    }
    for (const file of readdirSync(place).filter((name) => name.endsWith(".dmp"))) {
      const dump = readFileSync(join(place, file));
      const symbols = join(place, "symbols");
      cases.push({ name: `${reader}/${file}, no symbols`, dump, symbols: nothing });
      cases.push({ name: `${reader}/${file}, symbols`, dump, symbols });
    }
  }
  return allEqual("dumps of Breakpad's and rust-minidump's tests, with and without symbols", cases, folder);
}

/** What Firefox's own crash reporter sent, with its symbols. */
async function firefoxDumps(folder: string): Promise<boolean> {
  const symbols = sharedFile("firefox-esr-153/symbols");
  const submissions = sharedFile("firefox-esr-153/submissions");
  if (symbols === undefined || submissions === undefined) {
    absent("Firefox's submissions (MAYDAY_SHARED_DATA)");
    return true;
  }
  const plain = unpacked(symbols, join(folder, "firefox-symbols"));
  const cases = readdirSync(submissions)
    .filter((name) => name.endsWith(".multipart"))
    .map((name) => ({
      name: basename(name, ".multipart"),
      dump: partOf(join(submissions, name), "upload_file_minidump"),
      symbols: plain,
    }));
  return allEqual("Firefox's submissions, with symbols", cases, folder);
}

/** The peer reads no gzipped symbols from a folder. */
function unpacked(symbols: string, target: string): string {
  for (const path of readdirSync(symbols, { recursive: true, encoding: "utf8" })) {
    if (!/\.sym(\.gz)?$/.test(path)) continue;
    const bytes = readFileSync(join(symbols, path));
    const plain = join(target, path.replace(/\.gz$/, ""));
    mkdirSync(dirname(plain), { recursive: true });
    writeFileSync(plain, path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
  }
  return target;
}

/** Drawn dumps of all processors and systems, with drawn symbols. */
async function randomDumps(folder: string): Promise<boolean> {
  const symbols = join(folder, "random-symbols");
  const equal = new Map<string, number>();
  let isAllEqual = true;
  for (let seed = SEED; seed < SEED + COUNT; seed++) {
    const crash = randomCrash(seed);
    rmSync(symbols, { recursive: true, force: true });
    for (const { debugFile, debugId, text } of crash.symbols) {
      mkdirSync(join(symbols, debugFile, debugId), { recursive: true });
      writeFileSync(join(symbols, debugFile, debugId, `${debugFile}.sym`), text);
    }
    const name = `seed ${seed}, ${crash.machine}`;
    if (await isEqual({ name, dump: crash.dump, symbols }, folder))
      equal.set(crash.machine, (equal.get(crash.machine) ?? 0) + 1);
    else isAllEqual = false;
  }
  const total = [...equal.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `  random dumps, seeds ${SEED} to ${SEED + COUNT - 1} (MAYDAY_SEED, MAYDAY_DUMPS): ${total} of ${COUNT} equal`,
  );
  for (const [machine, count] of [...equal].sort())
    console.log(`    ${String(count).padStart(5)}  ${machine}`);
  return isAllEqual;
}
