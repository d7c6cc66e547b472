import { type CrashId, MAIN_DUMP, redactRawCrash } from "@mayday/crash";
import { attachmentsOf } from "../attachments.ts";
import type { WebappParts } from "../parts.ts";
import { exactRawCrash } from "../stored-crash.ts";
import { badField, crashNotFound, found, permissionNeeded } from "./answers.ts";
import { crashIdNeeded, crashIdParameter } from "./crash-id-parameter.ts";
import type { Answer, Endpoint } from "./endpoint.ts";

/** The report as it was collected: its annotations (`format=meta`) or one of its dumps or attachments (`format=raw&name=`). */
export const rawCrash: Endpoint = {
  name: "RawCrash",
  says: "The report as it was collected, or with format=raw one of its dumps: crash_id.",
  method: "GET",
  parameters: [
    crashIdNeeded,
    { name: "format", says: "`meta` for its annotations, `raw` for a dump.", choices: ["meta", "raw"] },
    { name: "name", says: "With `raw`: the name of the dump or attachment; the main dump when absent." },
  ],
  showsProtected: true,
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
  // collector noted as a dump or attachment of this report is one.
  const isDump =
    Object.hasOwn(raw?.metadata?.dump_checksums ?? {}, name) ||
    attachmentsOf(raw).some((one) => one.name === name);
  const bytes = isDump ? await storage.streamDump(id, name) : undefined;
  if (bytes === undefined) return crashNotFound(id);
  const attachment = attachmentsOf(raw).find((one) => one.name === name);
  if (attachment === undefined) return { kind: "file", bytes, fileName: fileName(id, name), type: BYTES };
  return { kind: "file", bytes, fileName: attachment.fileName, type: harmlessType(attachment.contentType) };
}

const BYTES = "application/octet-stream";
/** Types that no browser runs anything of. */
const HARMLESS = new Set([
  "application/gzip",
  "application/json",
  "application/zip",
  "image/gif",
  "image/jpeg",
  "image/png",
  "image/webp",
  "text/plain",
]);

/** The type that a client gave its file, where a browser may be told so. */
function harmlessType(given: string): string {
  const type = given.split(";")[0]!.trim().toLowerCase();
  return HARMLESS.has(type) ? type : BYTES;
}

function fileName(id: CrashId, name: string): string {
  if (name === MAIN_DUMP) return `${id}.dmp`;
  if (name === "memory_report") return "memory_report.json.gz";
  return `${id}-${name.replaceAll(/[^A-Za-z0-9_-]/g, "_")}.dmp`;
}
