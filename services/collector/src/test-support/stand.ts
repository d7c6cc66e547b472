import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { createLogger, createMetrics, type Metrics } from "@mayday/observability";
import type { Publisher } from "@mayday/queue";
import { listen } from "@mayday/service";
import { type CrashStorage, createCrashStorage, type ObjectStore, type StoredReport } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { rulesets } from "@mayday/throttle";
import { expect, vi } from "vitest";
import { createCollector } from "../collector.ts";
import { healthChecks } from "../health-checks.ts";
import { commonNames } from "../intake/annotation-names.ts";
import { MemoryBudget } from "../intake/memory-budget.ts";
import type { CollectorParts } from "../intake/receive-report.ts";
import { Journal } from "../journal/journal.ts";
import type { Place } from "../journal/segment.ts";
import { Mover } from "../mover/mover.ts";

/** How long a busy machine may take to move a report, ms. */
export const BUSY_MS = 10_000;

export const TOKEN = "a-token-of-the-resubmitter";

/** A collector's surroundings for tests: real journal and storage in a folder that goes with them. */
export interface CollectorStand {
  readonly store: ObjectStore;
  readonly storage: CrashStorage;
  readonly metrics: Metrics;
  /** Crash ids, as they were queued. */
  readonly queued: string[];
  /** Whether the queue works. */
  queueWorks: boolean;
  /** Starts a collector and says where it listens. */
  start(changes?: Partial<CollectorParts>, requestTimeoutMs?: number): Promise<string>;
  /** What the mover has put into storage under an id. */
  stored(id: CrashId): Promise<StoredReport>;
  close(): Promise<void>;
}

export async function openStand(): Promise<CollectorStand> {
  const root = await mkdtemp(join(tmpdir(), "mayday-collector-"));
  const log = createLogger({ service: "test", level: "silent", file: "" });
  const metrics = createMetrics();
  const store = await openFsObjectStore(join(root, "crashes"));
  const storage = createCrashStorage(store);
  const closers: (() => Promise<unknown>)[] = [];
  const queued: string[] = [];
  const queue = async (ids: readonly string[] = []) => {
    if (!stand.queueWorks) throw new MaydayError("REDIS_UNAVAILABLE");
    queued.push(...ids);
  };
  // Remembers what was queued; the real queue is met in the system tests.
  const publisher = {
    publishNewCrashes: queue,
    check: () => queue(),
  } as unknown as Publisher;
  const folder = join(root, "journal");
  const { journal } = await Journal.open({ folder, maxBytes: 1e9, segmentBytes: 1e6 });
  const mover = new Mover<Place>({
    store,
    publisher,
    log,
    metrics,
    onMoved: (places) => journal.moved(places),
    onDamaged: (place) => journal.markDamaged(place),
  });
  journal.onAppended = (places) => mover.move(places);

  const stand: CollectorStand = {
    store,
    storage,
    metrics,
    queued,
    queueWorks: true,
    async start(changes = {}, requestTimeoutMs = 2000) {
      const server = createCollector(
        {
          journal,
          store,
          log,
          metrics,
          rules: rulesets.mozilla,
          throttleContext: { products: ["Firefox"], packages: {} },
          annotationNames: commonNames,
          limits: { maxBodyBytes: 100_000, maxInflatedBytes: 1_000_000, maxPingBytes: 50_000 },
          largeBodies: { memoryBytes: 90_000, folder: join(root, "large"), inTurn: (work) => work() },
          resubmitterToken: TOKEN,
          memory: new MemoryBudget(10_000_000),
          inflating: (work) => work(),
          now: () => new Date("2026-08-20T10:11:12.123Z"),
          random: () => 0,
          ...changes,
        },
        healthChecks(store, publisher, journal, mover),
        requestTimeoutMs,
      );
      closers.push(() => server.close());
      return listen(server, 0);
    },
    stored: (id) =>
      vi.waitFor(async () => {
        const report = await storage.loadReport(id);
        expect(report).toBeDefined();
        return report as StoredReport;
      }, BUSY_MS),
    async close() {
      await Promise.all(closers.map((close) => close()));
      await mover.close(1000);
      await journal.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  return stand;
}
