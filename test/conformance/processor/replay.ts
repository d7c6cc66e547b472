import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type CrashId,
  type ProcessedCrash,
  parseCrashId,
  parseExactJson,
  type RawCrash,
} from "@mayday/crash";
import { type MakeSignature, signatureMaker } from "@mayday/signature";
import { processCrash } from "../../../services/processor/src/process-crash.ts";
import type { Rule } from "../../../services/processor/src/rule.ts";
import type { FindVersion } from "../../../services/processor/src/versions/find-version.ts";
import type { Walker, WalkOutcome } from "../../../services/processor/src/walker/walker.ts";
import type { CaseDump, ProcessorCase } from "./cases.ts";

export interface ReplayOptions {
  readonly rules?: readonly Rule[];
  readonly findVersion: FindVersion;
}

const PLENTY_MS = 60_000;
const NOW = new Date("2026-11-29T12:00:00Z");
const sharedData =
  process.env["MAYDAY_SHARED_DATA"] ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));
/** The lists that made the answers' signatures; ours begin with others. */
const mozillasLists = join(sharedData, "socorro-siglists");
let makeSignature: MakeSignature | undefined;

/** Processes a case's report with the walks it was recorded with. */
export async function replay(one: ProcessorCase, options: ReplayOptions): Promise<ProcessedCrash> {
  makeSignature ??= await signatureMaker(mozillasLists, ["parity"]);
  const outcomes = new Map<unknown, WalkOutcome>();
  const dumps = new Map<string, Uint8Array>();
  for (const [name, dump] of Object.entries(one.dumps)) {
    const bytes = bytesOf(dump);
    dumps.set(name, bytes);
    if (dump.kind === "walked") outcomes.set(bytes, outcomeOf(dump));
  }
  const walker: Walker = {
    limitMs: PLENTY_MS,
    walk: async ({ dump }) => outcomes.get(dump)!,
  };
  const crashId = parseCrashId(String(one.raw.uuid)) ?? (String(one.raw.uuid) as CrashId);
  return processCrash(
    crashId,
    { raw: one.raw as RawCrash, dumps },
    {
      ruleset: "default",
      why: "live",
      versions: { rules: "test", lists: "test" },
      previous: one.previous,
      ...(options.rules === undefined ? {} : { rules: options.rules }),
      tools: {
        walker,
        makeSignature,
        findVersion: options.findVersion,
        find: async () => ({ kind: "missing", why: "cases have no symbols" }),
      },
      now: () => NOW,
      onRuleFailure: (rule, error) => {
        if (process.env["CONFORMANCE_ERRORS"]) console.error(one.name, rule, error);
      },
    },
  );
}

/** Every dump gets bytes of its own, by which its walk is found. */
function bytesOf(dump: CaseDump): Uint8Array {
  switch (dump.kind) {
    case "walked":
      return new Uint8Array(1);
    case "empty":
      return new Uint8Array(0);
    case "bytes":
      return new Uint8Array(Buffer.from(dump.base64, "base64"));
  }
}

function outcomeOf({ json_dump, output_text, return_code, log }: CaseDump & { kind: "walked" }): WalkOutcome {
  return {
    returnCode: return_code,
    log: log ?? "",
    jsonDump: json_dump ?? (output_text === undefined ? undefined : parsed(output_text)),
    notes: [],
    symbolEvents: {},
  };
}

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
