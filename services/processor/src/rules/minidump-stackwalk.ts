import { MAIN_DUMP } from "@mayday/crash";
import { type CrashInProcess, type Rule, type RuleTools, text } from "../rule.ts";

const VERSION = "mayday stackwalk 1";

/**
 * Walks the dumps: the main one's walk becomes `json_dump`, another one's stands under its own name. A dump that
 * cannot be walked leaves its reason in `mdsw_status_string` and the notes.
 */
export const minidumpStackwalk: Rule = {
  name: "MinidumpStackwalk",
  async act(crash, tools) {
    const { attachments = {} } = (crash.raw["metadata"] ?? {}) as { attachments?: object };
    const additional = [...crash.dumps.keys()].filter(
      (name) => name.startsWith(MAIN_DUMP) && name !== MAIN_DUMP && !Object.hasOwn(attachments ?? {}, name),
    );
    crash.processed.additional_minidumps = additional.sort();
    crash.processed.stackwalk_version = VERSION;
    const main = crash.dumps.get(MAIN_DUMP);
    if (main === undefined) crash.notes.push("the report has no minidump");
    else Object.assign(crash.processed, await walkOne(MAIN_DUMP, main, crash, tools));
    for (const name of additional) {
      Object.assign(crash.processed, { [name]: await walkOne(name, crash.dumps.get(name)!, crash, tools) });
    }
  },
};

async function walkOne(
  name: string,
  dump: Uint8Array,
  { raw, notes }: CrashInProcess,
  { walker }: RuleTools,
): Promise<Record<string, unknown>> {
  const annotations = Object.fromEntries(
    (["CPUMicrocodeVersion", "ModuleSignatureInfo"] as const).map((annotation) => [
      annotation,
      text(raw, annotation),
    ]),
  );
  const outcome = await walker.walk({ dump, annotations });
  const prefix = name === MAIN_DUMP ? "" : `${name}: `;
  notes.push(...outcome.notes.map((note) => prefix + note));
  return {
    mdsw_status_string: outcome.status,
    mdsw_return_code: outcome.status === "OK" ? 0 : 1,
    ...(outcome.jsonDump === undefined ? {} : { json_dump: outcome.jsonDump }),
  };
}
