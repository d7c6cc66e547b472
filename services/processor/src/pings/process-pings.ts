import {
  type CrashId,
  isPingField,
  type PingStack,
  type ProcessedCrash,
  type ProcessedPing,
  pingAnnotations,
  pingIdOf,
  pingStack,
  type SubmittedAnnotations,
  valueAt,
} from "@mayday/crash";
import type { StoredPing } from "@mayday/storage";
import { type CrashInProcess, isInterruption, type Rule, type RuleTools } from "../rule.ts";
import { datesAndTimes } from "../rules/identity/dates-and-times.ts";
import { processType } from "../rules/identity/process-type.ts";
import { reportType } from "../rules/identity/report-type.ts";
import { mozCrashReason } from "../rules/mozilla/moz-crash-reason.ts";
import { betaVersion } from "../rules/product/beta-version.ts";
import { copyFromRawCrash } from "../rules/product/copy-from-raw-crash.ts";
import { esrVersionRewrite } from "../rules/product/esr-version-rewrite.ts";
import { fenixVersionRewrite } from "../rules/product/fenix-version-rewrite.ts";
import { majorVersion } from "../rules/product/major-version.ts";
import { utilityActorsName } from "../rules/product/utility-actors-name.ts";
import { crashingThreadInfo } from "../rules/stack/crashing-thread-info.ts";
import { missingSymbols } from "../rules/stack/missing-symbols.ts";
import { modulesInStack } from "../rules/stack/modules-in-stack.ts";
import { shutdownHangCrashingThread } from "../rules/stack/shutdown-hang-crashing-thread.ts";
import { signatureGenerator } from "../rules/stack/signature-generator.ts";
import { topMostFiles } from "../rules/stack/top-most-files.ts";
import { symbolicatedStacks } from "./symbolicated-stack.ts";

/** The rules of reports that a ping has something for, in their order. */
export const pingRules: readonly Rule[] = [
  copyFromRawCrash,
  fenixVersionRewrite,
  esrVersionRewrite,
  crashingThreadInfo,
  majorVersion,
  processType,
  datesAndTimes,
  mozCrashReason,
  utilityActorsName,
  reportType,
  betaVersion,
  topMostFiles,
  modulesInStack,
  missingSymbols,
  signatureGenerator,
  shutdownHangCrashingThread,
];

/**
 * What rules may read of a ping though no rule writes it: its stack is there before the first rule; what else walks of
 * dumps leave is absent, as of a report without a dump.
 */
export const givenOfPings = [
  "json_dump",
  "java_stack_trace",
  "additional_minidumps",
  "mdsw_status_string",
] as const;

/** What became of a batch of pings. */
export interface ProcessedPings {
  /** Each document once. */
  readonly processed: readonly ProcessedPing[];
  /** How many had been in the batch already. */
  readonly repeated: number;
  /** Clients who asked that their data is deleted. */
  readonly deletions: readonly string[];
  readonly ruleFailures: readonly { readonly rule: string; readonly error: unknown }[];
}

export type PingTools = Omit<RuleTools, "walker">;

/** Processes pings: read, symbolicated without a walk, and signed by the rules of reports. */
export async function processPings(pings: readonly StoredPing[], tools: PingTools): Promise<ProcessedPings> {
  const byId = new Map(pings.map((ping) => [ping.documentId, ping]));
  const once = [...byId.values()];
  const crashes = once.filter(({ asks }) => asks === undefined);
  const stacks = crashes.map(pingStack);
  const annotations = crashes.map(pingAnnotations);
  const systems = annotations.map((said, index) => systemOf(said, crashes[index]!));
  const walked = await symbolicatedStacks(stacks, tools.find, (index) => systems[index] ?? "");
  const ruleFailures: { rule: string; error: unknown }[] = [];
  const processed: ProcessedPing[] = [];
  for (const [index, ping] of crashes.entries()) {
    const crash = crashOf(ping, annotations[index]!, stacks[index]);
    if (walked[index] !== undefined) crash.processed.json_dump = walked[index];
    for (const rule of pingRules) {
      try {
        const acting = rule.act(crash, { ...tools, walker: NO_WALKER });
        if (acting !== undefined) await acting;
      } catch (error) {
        if (isInterruption(error)) throw error;
        ruleFailures.push({ rule: rule.name, error });
        crash.notes.push(`rule '${rule.name}' failed: ${error instanceof Error ? error.name : typeof error}`);
      }
    }
    processed.push(processedPing(ping, crash, systems[index]!));
  }
  const deletions = once.filter(({ asks }) => asks === "deletion").flatMap((ping) => clientOf(ping) ?? []);
  return { processed, repeated: pings.length - once.length, deletions, ruleFailures };
}

const NO_WALKER: RuleTools["walker"] = {
  limitMs: 0,
  walk: () => Promise.reject(new TypeError("a ping has no dump")),
};

function crashOf(
  { receivedAt }: StoredPing,
  annotations: SubmittedAnnotations,
  stack: PingStack | undefined,
): CrashInProcess {
  const notes = [...(stack?.notes ?? [])];
  if (stack === undefined) notes.push("the ping has no stack");
  else if (stack.error !== "") notes.push("the client could not walk the stack");
  return {
    crashId: "" as CrashId,
    // Without a prototype no annotation can stand for what is not there. The day is the collector's: clocks of clients are wrong.
    raw: Object.assign(Object.create(null), annotations, { submitted_timestamp: receivedAt }),
    dumps: new Map(),
    processed: {},
    notes,
  };
}

/** Of a processed crash what a processed ping has: nothing else is kept, nor seen. */
function processedPing(
  ping: StoredPing,
  { processed, notes, raw }: CrashInProcess,
  os: string,
): ProcessedPing {
  const kept = Object.fromEntries(Object.entries(processed).filter(([name]) => isPingField(name)));
  const { application } = ping.address;
  const body = { kind: ping.kind, ping: ping.ping };
  const reason = textAt(body.ping, ["ping_info", "reason"]);
  const created = textAt(body.ping, ["ping_info", "end_time"]) ?? textAt(body.ping, ["creationDate"]);
  const { OSVersion, CPUArchitecture }: SubmittedAnnotations = raw;
  return {
    ...(kept as Partial<ProcessedCrash>),
    uuid: pingIdOf(ping.documentId),
    document_id: ping.documentId,
    source: "ping",
    ping_kind: ping.kind,
    ...(application === undefined ? {} : { ping_application: application }),
    ...(reason === undefined ? {} : { ping_reason: reason }),
    ...(created === undefined || Number.isNaN(Date.parse(created))
      ? {}
      : { ping_created: new Date(created).toISOString() }),
    minidump_sha256_hash: hashOf(ping) ?? "",
    os_name: os,
    ...(typeof OSVersion === "string" ? { os_version: OSVersion } : {}),
    ...(typeof CPUArchitecture === "string" ? { cpu_arch: CPUArchitecture } : {}),
    processor_notes: notes.join("\n"),
  };
}

/** The dump's checksum: of the same dump a report has the same. */
function hashOf({ kind, ping }: StoredPing): string | undefined {
  const hash =
    kind === "glean"
      ? textAt(ping, ["metrics", "string", "crash.minidump_sha256_hash"])
      : textAt(ping, ["payload", "minidumpSha256Hash"]);
  return hash !== undefined && /^[0-9a-f]{64}$/i.test(hash) ? hash.toLowerCase() : undefined;
}

/** Systems as reports name them: rules know Windows as `Windows NT`. */
function systemOf({ OS }: SubmittedAnnotations, { ping, kind }: StoredPing): string {
  const said =
    typeof OS === "string" ? OS : kind === "glean" ? textAt(ping, ["client_info", "os"]) : undefined;
  if (said === undefined) return "Unknown";
  if (/^win/i.test(said)) return "Windows NT";
  if (/^(?:darwin|mac)/i.test(said)) return "Mac OS X";
  if (/^linux$/i.test(said)) return "Linux";
  return /^android$/i.test(said) ? "Android" : said;
}

function clientOf({ kind, ping }: StoredPing): string | undefined {
  const client = textAt(ping, kind === "glean" ? ["client_info", "client_id"] : ["clientId"]);
  return client === undefined || client === "" ? undefined : client;
}

function textAt(value: unknown, path: readonly string[]): string | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" ? found.slice(0, 255) : undefined;
}
