import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasPeer, peerJson, type WalkJson } from "./test-support/peer.ts";
import {
  DEBUG_ID,
  dumpAtEveryByte,
  randomDump,
  randomRules,
  randomSymbols,
} from "./test-support/random-dumps.ts";
import { temporaryFolder } from "./test-support/temporary-folder.ts";
import { walkJson } from "./test-support/walk-output.ts";

const folder = await temporaryFolder();
const LIMIT_MS = 60_000;

/** What both say of a dump, with these symbols of its module `m`. */
async function both(dump: Uint8Array, symText: string): Promise<{ ours: WalkJson; theirs: WalkJson }> {
  const symbols = join(folder, "symbols");
  const cache = join(folder, "cache");
  for (const used of [symbols, cache]) rmSync(used, { recursive: true, force: true });
  mkdirSync(join(symbols, "m", DEBUG_ID), { recursive: true });
  writeFileSync(join(symbols, "m", DEBUG_ID, "m.sym"), symText);
  const dumpPath = join(folder, "random.dmp");
  writeFileSync(dumpPath, dump);
  return {
    ours: await walkJson(dump, { symbols, cache, improved: false }),
    theirs: peerJson(dumpPath, symbols),
  };
}

/** Threads and modules: what the walker and the symbols answer for. */
function answers({ threads, modules }: WalkJson): unknown {
  return { threads: threads.map((thread) => ({ ...thread, last_error_value: null })), modules };
}

describe.skipIf(!hasPeer)("random dumps are walked as by minidump-stackwalk (needs it)", () => {
  it(
    "whatever functions, lines, inlined functions and publics there are",
    async () => {
      const dump = dumpAtEveryByte(0x200);
      for (const symText of fc.sample(randomSymbols, { numRuns: 15, seed: 1 })) {
        const { ours, theirs } = await both(dump, symText);
        expect(answers(ours), symText).toEqual(answers(theirs));
      }
    },
    LIMIT_MS,
  );

  it(
    "whatever rules, stacks and registers there are",
    async () => {
      const trusts = new Map<unknown, number>();
      for (const [dump, symText] of fc.sample(fc.tuple(randomDump, randomRules), { numRuns: 15, seed: 1 })) {
        const { ours, theirs } = await both(dump, symText);
        expect(answers(ours), symText).toEqual(answers(theirs));
        for (const { trust } of theirs.threads.flatMap(({ frames }) => frames)) {
          trusts.set(trust, (trusts.get(trust) ?? 0) + 1);
        }
      }
      for (const trust of ["context", "cfi", "frame_pointer", "scan"])
        expect(trusts.get(trust)).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );
});
