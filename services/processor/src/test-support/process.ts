import { readFileSync } from "node:fs";
import { type CrashId, type ProcessedCrash, parseCrashId, type RawCrash } from "@mayday/crash";
import type { Ruleset } from "@mayday/queue";
import { signatureMaker } from "@mayday/signature";
import type { FindSymbols } from "@mayday/symbols";
import { processCrash } from "../process-crash.ts";
import type { FindVersion } from "../versions/find-version.ts";
import type { Walker, WalkOutcome } from "../walker/walker.ts";

export const crashId = parseCrashId("de1bb258-cbbf-4589-a673-34f800260820") as CrashId;
const makeSignature = await signatureMaker();
/** A real stackwalker's answer for the demo crash. */
export const jsonDump = JSON.parse(
  readFileSync(new URL("../../../../fixtures/demo/expected.json", import.meta.url), "utf8"),
);

const raw = (annotations: Record<string, unknown>, attachments = {}): RawCrash => ({
  ...annotations,
  uuid: crashId,
  version: 2,
  submitted_timestamp: "2026-08-20T10:11:12.123000+00:00",
  metadata: {
    dump_checksums: { upload_file_minidump: "abc" },
    attachments,
  } as unknown as RawCrash["metadata"],
});

export interface ProcessOptions {
  readonly previous?: ProcessedCrash;
  readonly ruleset?: Ruleset;
  /** Names, or names and bytes; the main one alone when absent. */
  readonly dumps?: readonly string[] | ReadonlyMap<string, Uint8Array>;
  readonly attachments?: Record<string, unknown>;
  readonly findVersion?: FindVersion;
  readonly find?: FindSymbols;
}

const NO_SYMBOLS: FindSymbols = async () => ({ kind: "missing", why: "there are none" });

/** Processes a report of these annotations, all of whose dumps walk as `outcome` says. */
export async function run(
  annotations: Record<string, unknown>,
  outcome: Partial<WalkOutcome> | Error = { jsonDump },
  options: ProcessOptions = {},
) {
  const failures: string[] = [];
  const walker: Walker = {
    limitMs: 1000,
    walk: async () => {
      if (outcome instanceof Error) throw outcome;
      const walked = { returnCode: 0, log: "", jsonDump: undefined, notes: [], symbolEvents: {} };
      return { ...walked, ...structuredClone(outcome) };
    },
  };
  const { dumps = ["upload_file_minidump"] } = options;
  const processed = await processCrash(
    crashId,
    {
      raw: raw(annotations, options.attachments),
      dumps: Array.isArray(dumps)
        ? new Map(dumps.map((name) => [name, new Uint8Array(1)]))
        : (dumps as ReadonlyMap<string, Uint8Array>),
    },
    {
      ruleset: options.ruleset ?? "default",
      why: "live",
      versions: { rules: "1", lists: "abc" },
      previous: options.previous,
      tools: {
        walker,
        makeSignature,
        findVersion: options.findVersion ?? (async () => undefined),
        find: options.find ?? NO_SYMBOLS,
      },
      now: () => new Date("2026-08-20T10:11:20Z"),
      onRuleFailure: (rule) => failures.push(rule),
    },
  );
  return { processed, notes: String(processed.processor_notes).split("\n"), failures };
}

/** The same, of a stack alone. */
export const walked = (json: object, annotations: Record<string, unknown> = {}) =>
  run(annotations, { jsonDump: json });
