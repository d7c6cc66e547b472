import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { BlockCache, bytesOfFile, Symcache } from "@mayday/symbols";
import { draws } from "../mulberry32.ts";

const LOOKUPS = 100_000;
/** What the stacks of one crash ask for, again and again. */
const HOT_LOOKUPS = 500;

/** Limits of a walking thread of the processor, in which look-ups are made. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 24 };

export interface LookupFigures {
  /** Opening the file, and the first look-up in it. */
  readonly openMs: number;
  readonly firstMs: number;
  /** A look-up anywhere in the module, the file being in the system's cache; and one of the same 500 places. */
  readonly randomUs: number;
  readonly hotUs: number;
  readonly cfiUs: number;
  readonly rssGrowthMb: number;
  readonly found: number;
  readonly inlines: number;
}

// Looks things up in a symcache, in a thread of a process of its own: FILE LENGTH-OF-THE-MODULE.
if (isMainThread) {
  const [file, length] = process.argv.slice(2);
  const thread = new Worker(new URL(import.meta.url), {
    workerData: { file, length: Number(length) },
    resourceLimits: THREAD_LIMITS,
  });
  thread.once("message", (figures) => console.log(JSON.stringify(figures)));
} else parentPort?.postMessage(measure(workerData.file, workerData.length));

function measure(file: string, length: number): LookupFigures {
  const draw = draws(1);
  const offsets = Array.from({ length: LOOKUPS }, () => draw(length));
  // The code of a running service is compiled: another symcache object of the same file does that.
  const before = new Symcache(bytesOfFile(file));
  for (const offset of offsets.slice(0, 20_000)) before.lookup(offset + 1);
  before.close();
  const opening = performance.now();
  const symcache = new Symcache(bytesOfFile(file), new BlockCache());
  const openMs = performance.now() - opening;
  const looking = performance.now();
  symcache.lookup(offsets[0]!);
  const firstMs = performance.now() - looking;
  const rss = process.memoryUsage.rss();
  let found = 0;
  let inlines = 0;
  const random = timed(() => {
    for (const offset of offsets) {
      const hit = symcache.lookup(offset);
      if (hit === undefined) continue;
      found++;
      inlines += hit.inlines.length;
    }
  });
  const rssGrowthMb = (process.memoryUsage.rss() - rss) / 1e6;
  const hot = offsets.slice(0, HOT_LOOKUPS);
  const hotLookups = timed(() => {
    for (let i = 0; i < LOOKUPS; i++) symcache.lookup(hot[i % HOT_LOOKUPS]!);
  });
  const cfi = timed(() => {
    for (const offset of offsets) symcache.cfiRules(offset);
  });
  const us = (ms: number) => (ms * 1000) / LOOKUPS;
  return {
    openMs,
    firstMs,
    randomUs: us(random),
    hotUs: us(hotLookups),
    cfiUs: us(cfi),
    rssGrowthMb,
    found,
    inlines,
  };
}

function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
