import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { createLogger, createMetrics } from "@mayday/observability";
import type { ObjectStore, StoredObject } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Entry } from "../journal/entry.ts";
import { Journal } from "../journal/journal.ts";
import type { Place } from "../journal/segment.ts";
import { Mover } from "./mover.ts";

const top = await mkdtemp(join(tmpdir(), "mayday-mover-"));
afterAll(() => rm(top, { recursive: true, force: true }));

let folder = "";
let disk: ObjectStore;
let queued: string[] = [];
let redisIsAway = false;
/** The real store, which can be made to refuse. */
let store: ObjectStore;
let refuses: (objects: readonly StoredObject[]) => boolean = () => false;
/** Machines may be busy. */
const soon = <T>(check: () => T | Promise<T>) => vi.waitFor(check, 10_000);

const log = createLogger({ service: "test", level: "silent", file: "" });

beforeEach(async () => {
  folder = await mkdtemp(join(top, "m-"));
  disk = await openFsObjectStore(join(folder, "store"));
  queued = [];
  redisIsAway = false;
  refuses = () => false;
  store = {
    ...disk,
    async putGroups(groups) {
      if (groups.some(refuses)) throw new MaydayError("STORAGE_UNAVAILABLE");
      await disk.putGroups(groups);
    },
  };
});

const running: { mover: Mover<Place>; journal: Journal }[] = [];
afterEach(async () => {
  refuses = () => true;
  for (const { mover, journal } of running.splice(0)) {
    await mover.close(0);
    await journal.close().catch(() => undefined);
  }
});

async function start() {
  const { journal, left } = await Journal.open({
    folder: join(folder, "journal"),
    maxBytes: 1e6,
    segmentBytes: 1e4,
  });
  const list = queued;
  const metrics = createMetrics();
  const mover = new Mover<Place>({
    store,
    publisher: {
      async publishNewCrashes(ids) {
        if (redisIsAway) throw new MaydayError("REDIS_UNAVAILABLE");
        list.push(...ids);
      },
      publishPings: async () => undefined,
    },
    log,
    metrics,
    onMoved: (places) => journal.moved(places),
    onDamaged: (place) => journal.markDamaged(place),
  });
  journal.onAppended = (places) => mover.move(places);
  mover.move(left);
  running.push({ mover, journal });
  return { journal, mover, left, metrics };
}

const crash = (id: string, text = id): Entry => ({
  crashId: id as CrashId,
  objects: [
    { key: `v1/dump/${id}`, bytes: Buffer.alloc(1000, text) },
    { key: `v1/raw_crash/${id}`, bytes: Buffer.from(text) },
  ],
});
const rawOf = async (id: string) => (await disk.get(`v1/raw_crash/${id}`))?.toString();

describe("the mover", () => {
  it("puts what is journaled into storage, queues it, and leaves nothing behind", async () => {
    const { journal, mover } = await start();
    const ids = Array.from({ length: 30 }, (_, index) => `c${index}`);
    await Promise.all(ids.map((id) => journal.append(crash(id))));
    await soon(() => expect(queued.length).toBe(30));
    expect(queued.sort()).toEqual(ids.sort());
    for (const id of ids) expect(await rawOf(id)).toBe(id);
    await mover.close(1000);
    await journal.close();
    expect((await start()).left).toEqual([]);
  });

  it("waits for a store that is away, and moves on when it is back", async () => {
    refuses = () => true;
    const { journal, mover } = await start();
    await journal.append(crash("a"));
    await journal.append(crash("b"));
    await soon(() => expect(mover.error).toBeDefined());
    expect(await rawOf("a")).toBeUndefined();
    refuses = () => false;
    await soon(() => expect(queued.sort()).toEqual(["a", "b"]));
    expect(mover.error).toBeUndefined();
  });

  it("does not hold up others for an entry that the store never takes", async () => {
    refuses = (objects) => objects.some(({ key }) => key.endsWith("/bad"));
    const { journal, mover } = await start();
    await Promise.all(["bad", "a", "b", "c"].map((id) => journal.append(crash(id))));
    await soon(() => expect(queued.sort()).toEqual(["a", "b", "c"]));
    await mover.close(10);
    await journal.close();
    const next = await start();
    expect(next.left.length).toBeGreaterThan(0);
  });

  it("moves after a kill what was not moved before, and nothing that was", async () => {
    const first = await start();
    await first.journal.append(crash("a", "as first stored"));
    await soon(() => expect(queued).toEqual(["a"]));
    refuses = () => true;
    await first.journal.append(crash("b"));
    await soon(() => expect(first.mover.error).toBeDefined());
    // Killed: no close.
    refuses = () => false;
    const second = await start();
    expect(second.left).toHaveLength(1);
    await soon(() => expect(queued).toContain("b"));
    expect(queued.filter((id) => id === "a")).toHaveLength(1);
  });

  it("stores what it cannot queue, and goes on", async () => {
    redisIsAway = true;
    const { journal, metrics } = await start();
    await journal.append(crash("a"));
    await soon(async () => expect(await rawOf("a")).toBe("a"));
    await soon(async () => expect(await metrics.text()).toMatch(/collector_publish_failures_total 1/));
    redisIsAway = false;
    await journal.append(crash("b"));
    await soon(() => expect(queued).toEqual(["b"]));
  });

  it("gives up an entry that is damaged, says so, and moves the others", async () => {
    refuses = () => true;
    const first = await start();
    const places: Place[] = [];
    first.journal.onAppended = (added) => places.push(...added);
    for (const id of ["a", "b"]) await first.journal.append(crash(id));
    const [{ path, at }] = places as [Place];
    const file = await open(path, "r+");
    await file.write(Buffer.from("x"), 0, 1, at + 500);
    await file.close();
    refuses = () => false;
    const second = await start();
    await soon(() => expect(queued).toEqual(["b"]));
    expect(await second.metrics.text()).toMatch(/collector_journal_damaged_total 1/);
    expect(await rawOf("a")).toBeUndefined();
  });
});
