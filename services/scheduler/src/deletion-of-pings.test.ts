import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CrashId, newCrashId, type ProcessedPing, type RawCrash } from "@mayday/crash";
import { crashesFound, pingDocument, searchDocument } from "@mayday/search";
import {
  compressedLines,
  createCrashStorage,
  createPingStorage,
  pingBatches,
  pingObject,
  type StoredPing,
} from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { expect, it } from "vitest";
import { deleteAsked } from "./deletion.ts";
import { openScene } from "./test-support/scene.ts";

const PAIRS = 2000;
const CLIENTS = 20;
const BATCH = 100;
const now = new Date("2026-11-22T14:00:00Z");
const receivedAt = "2026-11-22T10:00:00.000000+00:00";

const digits = (index: number) => String(index).padStart(12, "0");
const clientOf = (index: number) => `11111111-2222-4333-8444-${digits((index * 7919) % CLIENTS)}`;
const hashOf = (index: number) => digits(index).padStart(64, "a");
const documentOf = (index: number) => `08200776-0fff-4c57-ad59-${digits(index)}`;
const crashOf = (index: number) =>
  newCrashId(`${digits(index).slice(-8)}-0000-4000-8000-000000000000`, now, 0);

it("leaves nothing of a client among 2,000 pings in batches and the reports of their dumps, and all else joined", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mayday-deletion-"));
  const objects = await openFsObjectStore(folder);
  const storage = createCrashStorage(objects);
  const pings = createPingStorage(objects);
  const scene = await openScene(now);
  const { engine, records } = scene;
  const indexes = Array.from({ length: PAIRS }, (_, index) => index);
  const find = async (field: string, value: string, source: "report" | "ping") => {
    const filter = { op: "equals", field, value } as const;
    return crashesFound({ weeks: undefined, filter, sources: [source] }, engine, PAIRS);
  };
  try {
    for (let from = 0; from < PAIRS; from += BATCH) {
      const some = indexes.slice(from, from + BATCH);
      const raw = some.map(
        (index): StoredPing => ({
          documentId: documentOf(index),
          kind: "glean",
          address: {},
          receivedAt,
          userAgent: "",
          ping: { client_info: { client_id: clientOf(index) } },
        }),
      );
      for (const { batch, object } of pingBatches(raw.map((ping) => pingObject(ping)))) {
        await objects.put(object.key, object.bytes);
        const processed = some.map(
          (index): ProcessedPing => ({
            document_id: documentOf(index),
            minidump_sha256_hash: hashOf(index),
            glean_client_id: clientOf(index),
            date_processed: receivedAt,
          }),
        );
        const lines = processed.map((ping) => Buffer.from(JSON.stringify(ping)));
        await pings.saveProcessedBytes(batch, compressedLines(lines));
        await engine.add(processed.map(pingDocument));
      }
      const reports = some.map((index) => ({
        uuid: crashOf(index),
        crash_id: crashOf(index),
        glean_client_id: clientOf(index),
        minidump_sha256_hash: hashOf(index),
        date_processed: now.toISOString(),
      }));
      await Promise.all(
        reports.map(async (processed) => {
          const raw = { uuid: processed.uuid, version: 2, GleanClientId: processed.glean_client_id };
          await storage.saveReport(raw as unknown as RawCrash, new Map());
          await storage.saveProcessed(processed.uuid, processed as never);
        }),
      );
      await engine.add(reports.map((processed) => searchDocument(processed)));
    }
    const mine = clientOf(1);
    const ours = indexes.filter((index) => clientOf(index) === mine);
    await records.deletions.ask(mine, "token 1");
    const deleted = await deleteAsked({ ...scene, storage, objects, pings, deletions: records.deletions });
    expect(deleted).toEqual({ crashes: ours.length, pings: ours.length });

    const left = { raw: new Set<string>(), processed: new Set<string>() };
    for await (const batch of pings.listBatches()) {
      for (const ping of (await pings.load(batch)) ?? []) left.raw.add(ping.documentId);
      for (const ping of (await pings.loadProcessed(batch)) ?? []) left.processed.add(ping.document_id);
    }
    const others = indexes.filter((index) => clientOf(index) !== mine);
    const expected = new Set(others.map(documentOf));
    expect(left).toEqual({ raw: expected, processed: expected });
    for (const source of ["report", "ping"] as const)
      expect((await find("glean_client_id", mine, source)).dates.size).toBe(0);
    const gone: CrashId[] = ours.map(crashOf);
    for (const id of gone)
      expect([await storage.hasProcessed(id), await storage.loadReport(id)]).toEqual([false, undefined]);
    for (const index of others.filter((_, place) => place % 19 === 0)) {
      expect([...(await find("minidump_sha256_hash", hashOf(index), "report")).dates.keys()]).toEqual([
        crashOf(index),
      ]);
      expect([...(await find("minidump_sha256_hash", hashOf(index), "ping")).dates.keys()]).toEqual([
        `ping-${documentOf(index)}`,
      ]);
    }
  } finally {
    await scene.close();
    await rm(folder, { recursive: true });
  }
}, 120_000);
