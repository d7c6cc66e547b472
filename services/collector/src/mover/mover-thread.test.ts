import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "@mayday/config";
import type { CrashId } from "@mayday/crash";
import { createLogger, createMetrics } from "@mayday/observability";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Journal } from "../journal/journal.ts";
import { collectorSettings } from "../settings.ts";
import { MoverThread } from "./mover-thread.ts";

const top = await mkdtemp(join(tmpdir(), "mayday-moving-"));
afterAll(() => rm(top, { recursive: true, force: true }));
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(top, "m-"));
});

/** Machines may be busy. */
const soon = <T>(check: () => T | Promise<T>) => vi.waitFor(check, 15_000);

async function start() {
  const settings = readSettings(collectorSettings, {
    MAYDAY_DATA_DIR: join(folder, "data"),
    // Nobody listens there: what is stored is found by the sweep.
    REDIS_URL: "redis://127.0.0.1:1",
    LOG_FILE: join(folder, "log"),
  });
  const metrics = createMetrics();
  const log = createLogger({ service: "test", level: "silent", file: "" });
  const { journal, left } = await Journal.open({
    folder: join(folder, "journal"),
    maxBytes: 1e7,
    segmentBytes: 1e5,
  });
  const mover = new MoverThread(settings, { journal, log, metrics });
  journal.onAppended = (places) => mover.move(places);
  mover.move(left);
  return { journal, mover, metrics, left };
}

const append = (journal: Journal, id: string, size = 1000) =>
  journal.append({
    crashId: id as CrashId,
    objects: [
      { key: `v1/dump/${id}`, bytes: Buffer.alloc(size, id) },
      { key: `v1/raw_crash/${id}`, bytes: Buffer.from(id) },
    ],
  });
const stored = async (id: string) => {
  const store = await openFsObjectStore(join(folder, "data/crashes"));
  const [dump, raw] = [await store.get(`v1/dump/${id}`), await store.get(`v1/raw_crash/${id}`)];
  return raw?.toString() === id ? dump : undefined;
};

describe("the mover's thread", () => {
  it("moves what is journaled, large and small, tells the metrics, and leaves nothing behind", async () => {
    const { journal, mover, metrics } = await start();
    const ids = Array.from({ length: 20 }, (_, index) => `crash${index}`);
    await Promise.all(ids.map((id, index) => append(journal, id, index * 9000)));
    await soon(() => expect(mover.waiting).toBe(0));
    for (const [index, id] of ids.entries()) {
      expect((await stored(id))?.equals(Buffer.alloc(index * 9000, id))).toBe(true);
    }
    expect(await metrics.text()).toMatch(/collector_move_seconds_count [1-9]/);
    await soon(async () => expect(await metrics.text()).toMatch(/collector_publish_failures_total [1-9]/));
    await mover.close(1000);
    await journal.close();
    const again = await start();
    expect(again.left).toEqual([]);
    await again.mover.close(0);
    await again.journal.close();
  });

  it("is started again when it died, with all that it had not moved", async () => {
    // A store that cannot be opened ends the thread.
    await writeFile(join(folder, "data"), "no folder");
    const { journal, mover } = await start();
    await append(journal, "a");
    await soon(() => expect(mover.error).toBeDefined());
    expect(mover.waiting).toBe(1);
    await rm(join(folder, "data"));
    await append(journal, "b");
    await soon(() => expect(mover.waiting).toBe(0));
    expect((await stored("a"))?.length).toBe(1000);
    expect((await stored("b"))?.length).toBe(1000);
    expect(mover.error).toBeUndefined();
    await mover.close(1000);
    await journal.close();
  });

  it("ends in time while the store does not work; what is left is found at the next start", async () => {
    await writeFile(join(folder, "data"), "no folder");
    const { journal, mover } = await start();
    await append(journal, "a");
    const started = performance.now();
    await mover.close(1000);
    await journal.close();
    expect(performance.now() - started).toBeLessThan(10_000);
    await rm(join(folder, "data"));
    const next = await start();
    expect(next.left).toHaveLength(1);
    await soon(() => expect(next.mover.waiting).toBe(0));
    expect((await stored("a"))?.length).toBe(1000);
    await next.mover.close(1000);
    await next.journal.close();
  });
});
