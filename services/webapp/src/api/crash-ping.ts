import {
  type AsRead,
  documentIdIn,
  type ProcessedPing,
  pingIdOf,
  processedPingSchema,
  redactProcessedCrash,
} from "@mayday/crash";
import type { Filter, SearchEngine } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { badField, failed, found } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const MOST_JOINED = 100;

/** A processed ping, and the reports of its dump. */
export const crashPing: Endpoint = {
  name: "CrashPing",
  says: "A processed crash ping, and the reports of the same dump: document_id.",
  method: "GET",
  parameters: [
    { name: "document_id", says: "As the client sent it, with or without `ping-`.", isRequired: true },
  ],
  showsProtected: true,
  async answer({ params, viewer }, parts) {
    const id = (params.get("document_id") ?? "")
      .trim()
      .toLowerCase()
      .replace(/^ping-/, "");
    if (!UUID.test(id)) return badField("document_id", "It must be a UUID.");
    const ping = await loadPing(id, parts);
    if (ping === undefined) return failed(404, `Not found: ping ${id}`);
    const seen = viewer.has("view_pii") ? ping : redactPing(ping);
    return found({ ...seen, reports: await sameDump(ping.minidump_sha256_hash, "report", parts.engine) });
  },
};

/** As a viewer without permissions may see it. */
export function redactPing(ping: ProcessedPing): AsRead<ProcessedPing> {
  const own = Object.entries(ping).filter(
    ([name]) =>
      (processedPingSchema as Record<string, { visibility: string }>)[name]?.visibility === "public",
  );
  return { ...Object.fromEntries(own), ...redactProcessedCrash(ping) };
}

/** The pings of a report's dump. */
export const pingsOfCrash: Endpoint = {
  name: "CrashPings",
  says: "The document ids of the pings of a report's dump: minidump_sha256_hash.",
  method: "GET",
  parameters: [
    {
      name: "minidump_sha256_hash",
      says: "As a processed crash has it.",
      isRequired: true,
      must: { match: /^[0-9a-f]{64}$/, says: "It must be a SHA-256 in hex." },
    },
  ],
  answer: async ({ params }, { engine }) =>
    found({ pings: await sameDump(params.get("minidump_sha256_hash") ?? "", "ping", engine) }),
};

/** The reports, or pings, of a dump: by its checksum, and by nothing that tells of a client. */
export async function sameDump(
  hash: string | null | undefined,
  source: "report" | "ping",
  engine: Pick<SearchEngine, "search">,
): Promise<string[]> {
  if (!hash) return [];
  const { hits } = await searchIds(
    engine,
    { op: "equals", field: "minidump_sha256_hash", value: hash },
    source,
  );
  return hits.map(({ uuid }) => documentIdIn(String(uuid)) ?? String(uuid));
}

const searchIds = (engine: Pick<SearchEngine, "search">, filter: Filter, source: "report" | "ping") =>
  engine.search({
    weeks: undefined,
    sources: [source],
    filter,
    columns: ["uuid", "date"],
    sort: [],
    aggregations: [],
    facetsSize: 0,
    facetsOffset: 0,
    limit: MOST_JOINED,
    offset: 0,
    isWeighted: false,
    timeUnit: "microsecond",
  });

/** The index tells the day, whose batches are then looked through. */
export async function loadPing(
  documentId: string,
  { engine, pings }: Pick<WebappParts, "engine" | "pings">,
): Promise<ProcessedPing | undefined> {
  const { hits } = await searchIds(
    engine,
    { op: "equals", field: "uuid", value: pingIdOf(documentId) },
    "ping",
  );
  const day = String(hits[0]?.["date"] ?? "")
    .slice(0, 10)
    .replaceAll("-", "");
  if (day === "") return undefined;
  for await (const batch of pings.listBatches(day)) {
    const found = (await pings.loadProcessed(batch))?.find(({ document_id }) => document_id === documentId);
    if (found !== undefined) return found;
  }
  return undefined;
}
