import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CrashId, newCrashId, type RawCrash } from "@mayday/crash";
import { createLogger, createMetrics } from "@mayday/observability";
import { openRecords } from "@mayday/records/open";
import { searchDocument } from "@mayday/search";
import { openDuckDbEngine } from "@mayday/search/duckdb";
import { createCrashStorage, createPingStorage, listPings, pingObject } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { expect, it } from "vitest";
import { deleteAsked } from "./deletion.ts";

const now = new Date("2026-11-22T14:00:00Z");
const mine = "11111111-2222-4333-8444-555555555555";

it("deletes a client's crashes, dumps and pings and nothing else, and looks again for an hour", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mayday-deletion-"));
  const objects = await openFsObjectStore(folder);
  const storage = createCrashStorage(objects);
  const pings = createPingStorage(objects);
  const engine = await openDuckDbEngine({ path: ":memory:" });
  let time = now.getTime();
  const records = await openRecords(
    { MAYDAY_DATA_DIR: join(folder, "records"), DATABASE_URL: "" },
    { now: () => new Date(time) },
  );
  const parts = {
    storage,
    objects,
    pings,
    engine,
    deletions: records.deletions,
    log: createLogger({ service: "test", level: "silent", file: "" }),
    metrics: createMetrics(),
    now: () => new Date(time),
  };
  const crashOf = async (number: number, client: string): Promise<CrashId> => {
    const id = newCrashId(`0000000${number}-0000-4000-8000-000000000000`, now, 0);
    const raw = { uuid: id, version: 2, GleanClientId: client } as unknown as RawCrash;
    await storage.saveReport(raw, new Map([["upload_file_minidump", new Uint8Array(9)]]));
    const processed = { uuid: id, crash_id: id, glean_client_id: client, date_processed: now.toISOString() };
    await storage.saveProcessed(id, processed as never);
    await engine.add([searchDocument(processed)]);
    return id;
  };
  const pingOf = async (documentId: string, ping: Record<string, unknown>) => {
    const receivedAt = "2026-11-20T10:00:00.000000+00:00";
    const { key, bytes } = pingObject({
      documentId,
      kind: "glean",
      address: {},
      receivedAt,
      userAgent: "",
      ping,
    });
    await objects.put(key, bytes);
  };
  try {
    const gone = [await crashOf(1, mine), await crashOf(2, mine)];
    const kept = await crashOf(3, "another");
    await pingOf("a", { client_info: { client_id: mine } });
    await pingOf("b", { clientId: mine });
    await pingOf("c", { client_info: { client_id: "another" } });
    await records.deletions.ask(mine, "token 1");
    expect(await deleteAsked(parts)).toEqual({ crashes: 2, pings: 2 });
    expect(await deleteAsked(parts)).toEqual({ crashes: 0, pings: 0 });
    for (const id of gone) {
      expect(await storage.loadReport(id)).toBeUndefined();
      expect(await storage.loadDump(id, "upload_file_minidump")).toBeUndefined();
      expect(await storage.hasProcessed(id)).toBe(false);
    }
    expect(await engine.has([...gone, kept])).toEqual(new Set([kept]));
    expect((await storage.loadReport(kept))?.dumps.size).toBe(1);
    const left: string[] = [];
    for await (const { documentId } of listPings(objects, "20261120")) left.push(documentId);
    expect(left).toEqual(["c"]);
    // One that was in work then.
    await crashOf(4, mine);
    time += 3_700_000;
    expect(await deleteAsked(parts)).toEqual({ crashes: 1, pings: 0 });
    expect(await records.deletions.list()).toMatchObject([
      { clientId: undefined, who: "token 1", asked: now, done: new Date(time), crashes: 3, pings: 2 },
    ]);
    await crashOf(5, mine);
    time += 3_700_000;
    expect(await deleteAsked(parts)).toEqual({ crashes: 0, pings: 0 });
  } finally {
    await engine.close();
    await records.close();
    await rm(folder, { recursive: true });
  }
});
