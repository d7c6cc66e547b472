import { MaydayError } from "@mayday/crash";
import { createLogger, createMetrics } from "@mayday/observability";
import type { ObjectInfo, PackedBatch } from "@mayday/storage";
import { describe, expect, it, vi } from "vitest";
import type { KeptBatch, KeptEntry } from "./pack-keeper.ts";
import { PackMover } from "./pack-mover.ts";

/** A store that remembers what it was to show; real ones are met in the keeper's and the system's tests. */
function start() {
  const shown: PackedBatch[] = [];
  const known = new Set<string>();
  const queued: string[] = [];
  const moved: KeptBatch[] = [];
  const failures: unknown[] = [];
  const stand = { shown, known, queued, moved, failures, works: true };
  const queue = async (ids: readonly string[] = []) => void queued.push(...ids);
  const mover = new PackMover<KeptBatch>({
    store: {
      info: async (key) => (known.has(key) ? ({ key } as ObjectInfo) : undefined),
      show(batches) {
        if (!stand.works) throw new MaydayError("STORAGE_UNAVAILABLE");
        shown.push(...batches);
      },
    },
    publisher: { publishNewCrashes: queue, publishPings: queue } as never,
    log: createLogger({ service: "test", level: "silent", file: "" }),
    metrics: createMetrics(),
    onMoved: (kept) => void moved.push(...kept),
    onFailed: (error) => void failures.push(error),
  });
  return { mover, stand };
}

const kept = (at: number, ...entries: KeptEntry[]): KeptBatch => ({ batch: { at } as PackedBatch, entries });
const crash = (id: string): KeptEntry => ({ queue: "standard", id, key: `v1/raw_crash/${id}` });
const ping = (id: string): KeptEntry => ({ queue: "pings", id, key: `v1/crash_ping/${id}` });

describe("the packs' mover", () => {
  it("shows batches in their order and queues what is in them", async () => {
    const { mover, stand } = start();
    mover.move([kept(0, crash("a"), ping("b"))]);
    mover.move([kept(1, crash("c")), kept(2, crash("d"))]);
    await mover.close();
    expect(stand.shown.map(({ at }) => at)).toEqual([0, 1, 2]);
    expect(stand.queued.toSorted()).toEqual(["a", "b", "c", "d"]);
    expect(stand.moved).toHaveLength(3);
  });

  it("does not queue a ping again that is in storage", async () => {
    const { mover, stand } = start();
    stand.known.add("v1/crash_ping/b");
    mover.move([kept(0, ping("a"), ping("b"))]);
    await mover.close();
    expect(stand.queued).toEqual(["a"]);
  });

  it("tries again what the index did not take, and queues nothing before", async () => {
    const { mover, stand } = start();
    stand.works = false;
    mover.move([kept(0, crash("a"))]);
    await vi.waitFor(() => expect(stand.failures).toHaveLength(1));
    mover.move([kept(1, crash("b"))]);
    expect(stand.queued).toEqual([]);
    stand.works = true;
    await vi.waitFor(() => expect(stand.shown.map(({ at }) => at)).toEqual([0, 1]), 5000);
    await mover.close();
    expect(stand.queued.toSorted()).toEqual(["a", "b"]);
  });

  it("ends while the index takes nothing", async () => {
    const { mover, stand } = start();
    stand.works = false;
    mover.move([kept(0, crash("a"))]);
    await mover.close();
    expect(stand.moved).toEqual([]);
  });
});
