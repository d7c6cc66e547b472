import { MAIN_DUMP, type ProcessedCrash, type StackJson, type WalkedDump } from "@mayday/crash";
import type { CrashInProcess, Rule, RuleTools } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";
import { isRecord, recordOf, stringOf } from "../../values/json-records.ts";
import { STACKWALK_VERSION, type WalkOutcome } from "../../walker/walker.ts";

/** Lines of the walker's log that are kept. */
const MOST_LOG_LINES = 10;
/** Dumps that are walked beside the main one: clients send the browser's and one or two children's. */
const MOST_FURTHER_DUMPS = 10;

/**
 * Walks the dumps: the main one's walk becomes the crash's own, another one's stands under its name. A dump that cannot
 * be walked leaves its reason in `mdsw_status_string` and the notes. All walks of a crash share the time of one.
 */
export const minidumpStackwalk: Rule = {
  name: "MinidumpStackwalkRule",
  annotations: ["metadata", "ModuleSignatureInfo", "CPUMicrocodeVersion"],
  reads: [],
  writes: [
    "additional_minidumps",
    "json_dump",
    "mdsw_return_code",
    "mdsw_status_string",
    "mdsw_stderr",
    "stackwalk_version",
    "success",
  ],
  async act(crash, tools) {
    const { processed, notes } = crash;
    // Earlier ones stay listed where the rules do not begin with nothing.
    const additional = [...(processed.additional_minidumps ?? [])];
    processed.additional_minidumps = additional;
    const endsAt = performance.now() + tools.walker.limitMs;
    const names = [...crash.dumps.keys()].filter((name) => isMinidump(name, crash));
    for (const name of names) {
      const isMain = name === MAIN_DUMP;
      if (!isMain && additional.length >= MOST_FURTHER_DUMPS) {
        notes.push(`MinidumpStackwalkRule: ${names.length - 1 - additional.length} dumps are not walked`);
        break;
      }
      const walked = await walkOne(name, crash, tools, endsAt - performance.now());
      if (isMain) Object.assign(processed, walked);
      else {
        additional.push(name);
        processed[name as `upload_file_minidump_${string}`] = walked;
      }
    }
  },
};

/** An attachment may have a name that begins so. */
function isMinidump(name: string, { raw }: CrashInProcess): boolean {
  const attachments = recordOf(recordOf(raw.metadata)["attachments"]);
  return name.startsWith(MAIN_DUMP) && !Object.hasOwn(attachments, name);
}

async function walkOne(
  name: string,
  { raw, dumps, notes }: CrashInProcess,
  { walker }: RuleTools,
  limitMs: number,
): Promise<WalkedDump> {
  const dump = dumps.get(name)!;
  if (dump.length === 0) {
    notes.push(`MinidumpStackwalkRule: ${name} is empty--skipping minidump processing`);
    return { mdsw_status_string: "EmptyMinidump", mdsw_stderr: "Shortcut for 0-bytes minidump." };
  }
  const annotations = Object.fromEntries(
    (["CPUMicrocodeVersion", "ModuleSignatureInfo"] as const).map((annotation) => [
      annotation,
      annotationText(raw[annotation]),
    ]),
  );
  const outcome = await walker.walk({ name, dump, annotations, limitMs });
  const walked = walkedDump(outcome);
  if (walked.mdsw_status_string !== "OK") notes.push(failure(outcome, walked));
  notes.push(...outcome.notes.map((note) => (name === MAIN_DUMP ? note : `${name}: ${note}`)));
  return walked;
}

/** What a walker that ended badly printed is not trusted. */
function walkedDump({ returnCode, log, jsonDump }: WalkOutcome): WalkedDump {
  const json = returnCode === 0 && isRecord(jsonDump) ? (jsonDump as StackJson) : {};
  const told = log.startsWith("ERROR") ? log.split(/\s+/, 2)[1] || undefined : undefined;
  const status = told ?? stringOf(json.status) ?? "unknown error";
  return {
    json_dump: json,
    mdsw_return_code: returnCode,
    mdsw_status_string: status,
    success: status === "OK",
    stackwalk_version: STACKWALK_VERSION,
    mdsw_stderr: lastLines(log),
  };
}

function failure({ returnCode }: WalkOutcome, { mdsw_status_string: status }: ProcessedCrash): string {
  if (returnCode === -6) return "MinidumpStackwalkRule: minidump-stackwalk: timeout (SIGABRT)";
  if (returnCode === -9) return "MinidumpStackwalkRule: minidump-stackwalk: timeout (SIGKILL)";
  return `MinidumpStackwalkRule: minidump-stackwalk: failed: ${returnCode}: ${status}`;
}

function lastLines(log: string): string {
  const lines = log.split("\n");
  return lines.length > MOST_LOG_LINES + 1 ? `...\n${lines.slice(-MOST_LOG_LINES).join("\n")}` : log;
}
