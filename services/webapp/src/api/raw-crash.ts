import { type CrashId, MAIN_DUMP, redactRawCrash } from "@mayday/crash";
import type { WebappParts } from "../parts.ts";
import { exactRawCrash } from "../stored-crash.ts";
import { badField, crashNotFound, found, permissionNeeded } from "./answers.ts";
import { crashIdParameter } from "./crash-id-parameter.ts";
import type { Answer, Endpoint } from "./endpoint.ts";

/** The report as it was collected: its annotations (`format=meta`) or one of its dumps (`format=raw&name=`). */
export const rawCrash: Endpoint = {
  name: "RawCrash",
  method: "GET",
  async answer({ params, viewer }, parts) {
    const asked = crashIdParameter(params);
    if ("refusal" in asked) return asked.refusal;
    switch (params.get("format") || "meta") {
      case "meta": {
        const raw = await exactRawCrash(parts.storage, asked.id);
        if (raw === undefined) return crashNotFound(asked.id);
        return found(viewer.has("view_pii") ? raw : redactRawCrash(raw));
      }
      case "raw":
        if (!viewer.has("view_rawdump")) return permissionNeeded("view_rawdump");
        return dump(asked.id, params.get("name") ?? "", parts);
      default:
        return badField("format", "Must be 'meta' or 'raw'.");
    }
  },
};

async function dump(id: CrashId, askedName: string, { storage }: WebappParts): Promise<Answer> {
  const name = askedName === "" || askedName === "dump" ? MAIN_DUMP : askedName;
  const raw = await storage.loadRawCrash(id);
  // A dump's name is a folder of the store, where raw and processed crashes have folders too: only what the
  // collector noted as a dump of this report is one.
  const isDump = Object.hasOwn(raw?.metadata?.dump_checksums ?? {}, name);
  const bytes = isDump ? await storage.loadDump(id, name) : undefined;
  return bytes === undefined ? crashNotFound(id) : { kind: "file", bytes, fileName: fileName(id, name) };
}

function fileName(id: CrashId, name: string): string {
  if (name === MAIN_DUMP) return `${id}.dmp`;
  if (name === "memory_report") return "memory_report.json.gz";
  return `${id}-${name.replaceAll(/[^A-Za-z0-9_-]/g, "_")}.dmp`;
}
