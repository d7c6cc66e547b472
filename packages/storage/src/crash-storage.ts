import {
  type CollectorMetadata,
  type CrashId,
  collectionDay,
  type Dumps,
  MAIN_DUMP,
  type ProcessedCrash,
  parseCrashId,
  parseExactJson,
  type RawCrash,
} from "@mayday/crash";
import type { ObjectStore, StoredObject } from "./object-store.ts";
import { readDump } from "./zstd-dumps.ts";

/** A crash report as the collector saved it. */
export interface StoredReport {
  readonly raw: RawCrash;
  readonly dumps: Dumps;
}

/** Crashes under Socorro's object keys. */
export interface CrashStorage {
  /** Saves dumps first and the raw crash last, so that a raw crash that is there is complete. */
  saveReport(raw: RawCrash, dumps: Dumps): Promise<void>;
  loadRawCrash(id: CrashId): Promise<RawCrash | undefined>;
  /** The raw crash as it is stored, with the digits of its numbers. */
  loadRawCrashText(id: CrashId): Promise<string | undefined>;
  /** Numbers in `raw` that JavaScript would write otherwise are ExactNumbers. */
  loadReport(id: CrashId): Promise<StoredReport | undefined>;
  loadDump(id: CrashId, name: string): Promise<Buffer | undefined>;
  /** Bytes of a dump or attachment, without reading it; undefined when it is not there or stored compressed. */
  dumpBytes(id: CrashId, name: string): Promise<number | undefined>;
  saveProcessed(id: CrashId, processed: ProcessedCrash): Promise<void>;
  loadProcessed(id: CrashId): Promise<ProcessedCrash | undefined>;
  /** The processed crash as it is stored, with the digits of its numbers. */
  loadProcessedText(id: CrashId): Promise<string | undefined>;
  hasProcessed(id: CrashId): Promise<boolean>;
  /** The reports collected on `day` (`YYYYMMDD`, UTC; every day when absent) and when each was saved. */
  listReports(day?: string): AsyncIterable<{ id: CrashId; savedAt: Date }>;
  check(): Promise<void>;
}

const keys = {
  rawDay: (day: string | undefined) => (day === undefined ? "v1/raw_crash/" : `v1/raw_crash/${day}/`),
  raw: (id: CrashId) => `v1/raw_crash/${collectionDay(id)}/${id}`,
  dumpNames: (id: CrashId) => `v1/dump_names/${id}`,
  // The main dump's folder is `dump`; the names `dump` and "" share it (Socorro's stores do so).
  dump: (id: CrashId, name: string) => `v1/${name === MAIN_DUMP || name === "" ? "dump" : name}/${id}`,
  processed: (id: CrashId) => `v1/processed_crash/${id}`,
};

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** A raw crash as it is stored. */
export interface WrittenRawCrash {
  readonly id: CrashId;
  /** Dump name to SHA-256, hex. */
  readonly dumpChecksums: CollectorMetadata["dump_checksums"];
  readonly json: Buffer;
}

function written(raw: RawCrash): WrittenRawCrash {
  return { id: raw.uuid, dumpChecksums: raw.metadata?.dump_checksums ?? {}, json: json(raw) };
}

/** The objects of a report, the raw crash last: one that is there is complete. */
export function reportObjects(raw: WrittenRawCrash, dumps: Dumps): StoredObject[] {
  return [
    ...[...dumps].map(([name, bytes]) => {
      const sha256 = raw.dumpChecksums[name];
      return { key: keys.dump(raw.id, name), bytes, ...(sha256 === undefined ? {} : { sha256 }) };
    }),
    { key: keys.dumpNames(raw.id), bytes: json([...dumps.keys()].sort()) },
    { key: keys.raw(raw.id), bytes: raw.json },
  ];
}

export function createCrashStorage(store: ObjectStore): CrashStorage {
  const getText = async (key: string) => (await store.get(key))?.toString("utf8");
  const getJson = async <T>(key: string): Promise<T | undefined> => {
    const bytes = await store.get(key);
    return bytes === undefined ? undefined : (JSON.parse(bytes.toString("utf8")) as T);
  };
  const loadDump = (id: CrashId, name: string) => readDump(store, keys.dump(id, name));

  async function loadDumps(id: CrashId): Promise<Dumps> {
    const names = (await getJson<string[]>(keys.dumpNames(id))) ?? [];
    const dumps = new Map<string, Uint8Array>();
    for (const name of names) {
      const bytes = await loadDump(id, name);
      if (bytes !== undefined) dumps.set(name, bytes);
    }
    return dumps;
  }

  return {
    saveReport: (raw, dumps) => store.putGroups([reportObjects(written(raw), dumps)]),
    loadRawCrash: (id) => getJson<RawCrash>(keys.raw(id)),
    loadRawCrashText: (id) => getText(keys.raw(id)),
    async loadReport(id) {
      const text = await getText(keys.raw(id));
      return text === undefined
        ? undefined
        : { raw: parseExactJson(text) as RawCrash, dumps: await loadDumps(id) };
    },
    loadDump,
    dumpBytes: async (id, name) => (await store.info(keys.dump(id, name)))?.size,
    saveProcessed: (id, processed) => store.put(keys.processed(id), json(processed)),
    loadProcessed: (id) => getJson<ProcessedCrash>(keys.processed(id)),
    loadProcessedText: (id) => getText(keys.processed(id)),
    hasProcessed: async (id) => (await store.info(keys.processed(id))) !== undefined,
    async *listReports(day) {
      for await (const { key, modifiedAt } of store.list(keys.rawDay(day))) {
        const id = parseCrashId(key);
        if (id !== undefined) yield { id, savedAt: modifiedAt };
      }
    },
    check: () => store.check(),
  };
}
