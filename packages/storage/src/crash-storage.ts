import type { Readable } from "node:stream";
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
  upgradeProcessedCrash,
} from "@mayday/crash";
import pLimit from "p-limit";
import { compressedJson, textOf } from "./compressed-text.ts";
import type { ObjectStore, StoredObject } from "./object-store.ts";
import { closeObject, type OpenObject, type Room } from "./open-object.ts";
import { told } from "./unavailable.ts";
import { dumpKeys, openDump, readDump, streamDump } from "./zstd-dumps.ts";

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
  /** The raw crash's JSON as it is stored: numbers have the digits that came. */
  loadRawCrashText(id: CrashId): Promise<string | undefined>;
  /** Numbers in `raw` that JavaScript would write otherwise are ExactNumbers. */
  loadReport(id: CrashId): Promise<StoredReport | undefined>;
  loadDump(id: CrashId, name: string): Promise<Buffer | undefined>;
  /** A dump or attachment, however large; who does not read it to its end destroys it. */
  streamDump(id: CrashId, name: string): Promise<Readable | undefined>;
  /** Bytes of a dump or attachment, without reading it; undefined when it is not there or stored compressed. */
  dumpBytes(id: CrashId, name: string): Promise<number | undefined>;
  /** All dumps that are there, the largest as open files; who gets them closes them with closeObject. */
  openDumps(id: CrashId, room: Room): Promise<ReadonlyMap<string, OpenObject>>;
  /** Kept compressed. */
  saveProcessed(id: CrashId, processed: ProcessedCrash): Promise<void>;
  /** What `compressedJson` made of a processed crash. */
  saveProcessedBytes(id: CrashId, bytes: Uint8Array): Promise<void>;
  /** As the newest version of its shape, whichever it was stored in. */
  loadProcessed(id: CrashId): Promise<ProcessedCrash | undefined>;
  /** The processed crash's JSON, with the digits of its numbers. */
  loadProcessedText(id: CrashId): Promise<string | undefined>;
  hasProcessed(id: CrashId): Promise<boolean>;
  /** The reports collected on `day` (`YYYYMMDD`, UTC; every day when absent) and when each was saved. */
  listReports(day?: string): AsyncIterable<{ id: CrashId; savedAt: Date }>;
  /**
   * Removes all that is stored of crashes: dumps and processed crash first, then the list of the dumps, the raw crash last.
   * After an error some of it may be left; what is left is still listed, and is removed by doing it again.
   */
  remove(ids: readonly CrashId[]): Promise<void>;
  check(): Promise<void>;
}

/** Crashes that are removed together. */
const REMOVED_TOGETHER = 500;
const READ_AT_ONCE = 32;

const keys = {
  rawDay: (day: string | undefined) => (day === undefined ? "v1/raw_crash/" : `v1/raw_crash/${day}/`),
  raw: (id: CrashId) => `v1/raw_crash/${collectionDay(id)}/${id}`,
  dumpNames: (id: CrashId) => `v1/dump_names/${id}`,
  // The main dump's folder is `dump`; the names `dump` and "" share it (Socorro's stores do so).
  dump: (id: CrashId, name: string) => `v1/${name === MAIN_DUMP || name === "" ? "dump" : name}/${id}`,
  processed: (id: CrashId) => `v1/processed_crash/${id}`,
};

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

function parsed<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

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
  const getJson = async <T>(key: string): Promise<T | undefined> => parsed(await getText(key));
  const loadProcessedText = async (id: CrashId) => {
    const bytes = await store.get(keys.processed(id));
    return bytes === undefined ? undefined : told(() => textOf(bytes));
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

  async function openDumps(id: CrashId, room: Room): Promise<ReadonlyMap<string, OpenObject>> {
    const names = (await getJson<string[]>(keys.dumpNames(id))) ?? [];
    const dumps = new Map<string, OpenObject>();
    try {
      for (const name of names) {
        const dump = await openDump(store, keys.dump(id, name), room);
        if (dump !== undefined) dumps.set(name, dump);
      }
      return dumps;
    } catch (error) {
      await Promise.all([...dumps.values()].map(closeObject));
      throw error;
    }
  }

  /** The keys of what is removed before the list of the dumps is. */
  async function contentKeys(id: CrashId): Promise<string[]> {
    const names = (await getJson<string[]>(keys.dumpNames(id))) ?? [];
    const dumps = [MAIN_DUMP, ...names].flatMap((name) => dumpKeys(keys.dump(id, name)));
    return [keys.processed(id), ...dumps].filter((key) => key !== keys.dumpNames(id));
  }

  async function removeTogether(ids: readonly CrashId[]): Promise<void> {
    const limit = pLimit(READ_AT_ONCE);
    const contents = await Promise.all(ids.map((id) => limit(contentKeys, id)));
    await store.delete([...new Set(contents.flat())]);
    await store.delete(ids.map(keys.dumpNames));
    await store.delete(ids.map(keys.raw));
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
    openDumps,
    loadDump,
    streamDump: (id, name) => streamDump(store, keys.dump(id, name)),
    dumpBytes: async (id, name) => (await store.info(keys.dump(id, name)))?.size,
    saveProcessed: (id, processed) => store.put(keys.processed(id), compressedJson(processed)),
    saveProcessedBytes: (id, bytes) => store.put(keys.processed(id), bytes),
    async loadProcessed(id) {
      const stored = parsed<Record<string, unknown>>(await loadProcessedText(id));
      return stored === undefined ? undefined : upgradeProcessedCrash(stored);
    },
    loadProcessedText,
    hasProcessed: async (id) => (await store.info(keys.processed(id))) !== undefined,
    async *listReports(day) {
      for await (const { key, modifiedAt } of store.list(keys.rawDay(day))) {
        const id = parseCrashId(key);
        if (id !== undefined) yield { id, savedAt: modifiedAt };
      }
    },
    async remove(ids) {
      for (let at = 0; at < ids.length; at += REMOVED_TOGETHER) {
        await removeTogether(ids.slice(at, at + REMOVED_TOGETHER));
      }
    },
    check: () => store.check(),
  };
}
