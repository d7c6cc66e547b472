import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MaydayError } from "@mayday/crash";
import { createLogger, createMetrics } from "@mayday/observability";
import type { Publisher } from "@mayday/queue";
import type { ObjectStore, StoredObject } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Entry } from "./entry.ts";
import { Journal } from "./journal.ts";
import { Mover } from "./mover.ts";
import { endPlaces, type Place } from "./segment.ts";

const top = await mkdtemp(join(tmpdir(), "mayday-mover-"));
afterAll(() => rm(top, { recursive: true, force: true }));

let folder = "";
let disk: ObjectStore;
let queued: string[] = [];
/** The real store, which can be made to refuse. */
let store: ObjectStore;
let refuses: (objects: readonly StoredObject[]) => boolean = () => false;
let puts = 0;

/** Notes what is queued in the list of the test that it is made in. */
function notingPublisher(list: string[]): Publisher {
  return {
    publishNewCrashes: async (ids: readonly string[]) => void list.push(...ids),
  } as unknown as Publisher;
}
/** Machines may be busy. */
const soon = <T>(check: () => T | Promise<T>) => vi.waitFor(check, 10_000);

const log = createLogger({ service: "test", level: "silent", file: "" });

beforeEach(async () => {
  folder = await mkdtemp(join(top, "m-"));
  disk = await openFsObjectStore(join(folder, "store"));
  queued = [];
  puts = 0;
  refuses = () => false;
  store = {
    ...disk,
    async putGroups(groups) {
      if (groups.some(refuses)) throw new MaydayError("STORAGE_UNAVAILABLE");
      puts += groups.length;
      await disk.putGroups(groups);
    },
  };
});

const running: { mover: Mover<Place>; journal: Journal }[] = [];
afterEach(async () => {
  refuses = () => true;
  for (const { mover, journal } of running.splice(0)) {
    await mover.close(0);
    await journal.close();
  }
});

async function start() {
  const { journal, left } = await Journal.open({
    folder: join(folder, "journal"),
    maxBytes: 1e6,
    segmentBytes: 1e4,
  });
  const mover = new Mover<Place>({
    recent: journal.recent,
    store,
    publisher: notingPublisher(queued),
    log,
    metrics: createMetrics(),
    onMoved: endPlaces,
    onDamaged: ({ segment }) => segment.markDamaged(),
  });
  journal.onAppended = (places) => mover.move(places);
  mover.resume(left);
  running.push({ mover, journal });
  return { journal, mover, left };
}

const crash = (id: string, text = id): Entry => ({
  queue: "standard",
  id,
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

  it("moves after a kill what was not moved before, and stores nothing twice", async () => {
    const first = await start();
    await first.journal.append(crash("a", "as first stored"));
    await soon(() => expect(queued).toEqual(["a"]));
    refuses = () => true;
    await first.journal.append(crash("b"));
    await soon(() => expect(first.mover.error).toBeDefined());
    // Killed: no close.
    refuses = () => false;
    const second = await start();
    expect(second.left).toHaveLength(2);
    await soon(() => expect(queued).toContain("b"));
    expect(await rawOf("a")).toBe("as first stored");
    expect(queued.filter((id) => id === "a")).toHaveLength(1);
  });

  it("stores a ping once, however often it is sent", async () => {
    const { journal, mover } = await start();
    const ping = (text: string): Entry => ({
      queue: "pings",
      id: "p",
      objects: [{ key: "v1/crash_ping/p", bytes: Buffer.from(text) }],
    });
    await journal.append(ping("first"));
    await soon(async () => expect(await disk.info("v1/crash_ping/p")).toBeDefined());
    await Promise.all([journal.append(ping("second")), journal.append(ping("third"))]);
    await mover.close(1000);
    expect((await disk.get("v1/crash_ping/p"))?.toString()).toBe("first");
    expect([queued, puts]).toEqual([[], 1]);
  });
});
