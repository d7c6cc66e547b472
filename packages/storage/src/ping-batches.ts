import { hash } from "node:crypto";
import type { ProcessedPing } from "@mayday/crash";
import { compressedLines, linesOf } from "./compressed-text.ts";
import type { ObjectStore, StoredObject } from "./object-store.ts";
import { dayOfPingKey, type StoredPing } from "./ping-storage.ts";
import { told } from "./unavailable.ts";

/** Pings that lie in one object: those of a moment of a day. */
export interface PingBatch {
  /** On which they were received, `YYYYMMDD` (UTC). */
  readonly day: string;
  readonly name: string;
}

const RAW = "v1/crash_ping_batch/";
const PROCESSED = "v1/processed_crash_ping_batch/";

const rawKey = ({ day, name }: PingBatch) => `${RAW}${day}/${name}`;
const processedKey = ({ day, name }: PingBatch) => `${PROCESSED}${day}/${name}`;

/** Crash pings by the batch: raw ones as they came, processed ones beside them under the same name. */
export interface PingStorage {
  /** Batches received on a day (every day when absent), in no order. */
  listBatches(day?: string): AsyncIterable<PingBatch & { readonly savedAt: Date }>;
  /** Undefined where there is no such batch. A line that is damaged is passed over. */
  load(batch: PingBatch): Promise<StoredPing[] | undefined>;
  /** The batch as it is stored: compressed lines. */
  loadBytes(batch: PingBatch): Promise<Buffer | undefined>;
  loadProcessed(batch: PingBatch): Promise<ProcessedPing[] | undefined>;
  hasProcessed(batch: PingBatch): Promise<boolean>;
  /** What {@link compressedLines} made of processed pings. */
  saveProcessedBytes(batch: PingBatch, bytes: Uint8Array): Promise<void>;
  /**
   * Takes pings out of a batch, raw and processed; says how many raw ones. A batch with none left is removed.
   * @param isGone told of each ping
   */
  removeFrom(batch: PingBatch, isGone: (ping: StoredPing) => boolean): Promise<number>;
  /** Removes whole batches. */
  remove(batches: readonly PingBatch[]): Promise<void>;
}

/**
 * Ping objects, as they were journaled, as the objects of batches: one a day. Of the same pings it is the same object, so
 * that writing it again does no harm.
 */
export function pingBatches(
  objects: readonly StoredObject[],
): { readonly batch: PingBatch; readonly object: StoredObject }[] {
  const byDay = Map.groupBy(objects, ({ key }) => dayOfPingKey(key) ?? "");
  return [...byDay].map(([day, ofDay]) => {
    const name = hash("sha256", ofDay.map(({ key }) => key).join("\n")).slice(0, 32);
    const batch = { day, name };
    const bytes = compressedLines(
      ofDay.map(({ bytes }) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
    );
    return { batch, object: { key: rawKey(batch), bytes } };
  });
}

export function createPingStorage(store: ObjectStore): PingStorage {
  async function linesAt<T>(key: string): Promise<T[] | undefined> {
    const bytes = await store.get(key);
    if (bytes === undefined) return undefined;
    return (await told(() => linesOf(bytes))).flatMap((line) => parsed<T>(line));
  }
  const load = (batch: PingBatch) => linesAt<StoredPing>(rawKey(batch));
  const loadProcessed = (batch: PingBatch) => linesAt<ProcessedPing>(processedKey(batch));
  return {
    async *listBatches(day) {
      for await (const { key, modifiedAt } of store.list(day === undefined ? RAW : `${RAW}${day}/`)) {
        const [ofDay = "", name = ""] = key.slice(RAW.length).split("/");
        yield { day: ofDay, name, savedAt: modifiedAt };
      }
    },
    load,
    loadBytes: (batch) => store.get(rawKey(batch)),
    loadProcessed,
    hasProcessed: async (batch) => (await store.info(processedKey(batch))) !== undefined,
    saveProcessedBytes: (batch, bytes) => store.put(processedKey(batch), bytes),
    async removeFrom(batch, isGone) {
      const raw = (await load(batch)) ?? [];
      const left = raw.filter((ping) => !isGone(ping));
      const kept = new Set(left.map(({ documentId }) => documentId));
      const processed = (await loadProcessed(batch)) ?? [];
      // One that was being processed while its raw one was removed stands there alone.
      if (left.length === raw.length && processed.every(({ document_id }) => kept.has(document_id))) return 0;
      const keys = [processedKey(batch), rawKey(batch)];
      if (left.length === 0) {
        await store.delete(keys);
        return raw.length;
      }
      // The processed ones first: what a stop leaves raw is found again.
      await store.put(
        processedKey(batch),
        compressedLines(jsonLines(processed.filter(({ document_id }) => kept.has(document_id)))),
      );
      await store.put(rawKey(batch), compressedLines(jsonLines(left)));
      return raw.length - left.length;
    },
    remove: (batches) => store.delete(batches.flatMap((batch) => [processedKey(batch), rawKey(batch)])),
  };
}

const jsonLines = (values: readonly unknown[]): Buffer[] =>
  values.map((value) => Buffer.from(JSON.stringify(value)));

function parsed<T>(line: string): T[] {
  try {
    return [JSON.parse(line) as T];
  } catch {
    return [];
  }
}
