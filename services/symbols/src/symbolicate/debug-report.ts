import { moduleName, type SymbolicateJob, usedModules } from "@mayday/symbols";
import type { ModuleSearch } from "./module-finder.ts";

/** What the `debug` of an answer tells: how modules were come by. Times are seconds, sizes bytes. */
export interface DebugReport {
  readonly time: number;
  readonly cache_lookups: { readonly count: number; readonly hits: number; readonly time: number };
  readonly downloads: Figures & { readonly count: number; readonly size: number };
  readonly parse_sym: Figures;
  readonly save_symcache: Figures;
  readonly modules: { readonly count: number; readonly stacks_per_module: Readonly<Record<string, number>> };
}

/** A time in all, and by module where there is anything to tell. */
interface Figures {
  readonly time: number;
  readonly time_per_module?: Readonly<Record<string, number>>;
  readonly fail_time_per_module?: Readonly<Record<string, number>>;
  readonly size_per_module?: Readonly<Record<string, number>>;
}

/**
 * The report for who sends `Debug`. A text is parsed, and its symcache written, while it is downloaded: all three have
 * the same time.
 * @param searches by {@link moduleName}
 */
export function debugReport(
  jobs: readonly SymbolicateJob[],
  searches: ReadonlyMap<string, ModuleSearch>,
  seconds: number,
): DebugReport {
  const all = [...searches];
  const isFound = ({ entry }: ModuleSearch) => entry.kind === "found";
  const hits = all.filter(([, search]) => search.wasKept && isFound(search));
  const asked = all.filter(([, search]) => !search.wasKept || !isFound(search));
  const arrived = asked.filter(([, search]) => search.bytes > 0);
  const parsed = asked.filter(([, search]) => isFound(search));
  const times = timesOf(parsed);
  const parseFailures = arrived.filter(([, search]) => search.entry.kind === "malformed");
  return {
    time: seconds,
    cache_lookups: { count: all.length, hits: hits.length, time: timeOf(hits) },
    downloads: {
      count: asked.length,
      size: arrived.reduce((sum, [, { bytes }]) => sum + bytes, 0),
      time: timeOf(asked),
      ...whereAny("size_per_module", arrived, ({ bytes }) => bytes),
      ...whereAny("time_per_module", arrived, (search) => search.seconds),
      ...whereAny(
        "fail_time_per_module",
        asked.filter(([, { bytes }]) => bytes === 0),
        (search) => search.seconds,
      ),
    },
    parse_sym: {
      time: timeOf(parsed),
      ...times,
      ...whereAny("fail_time_per_module", parseFailures, (search) => search.seconds),
    },
    save_symcache: { time: timeOf(parsed), ...times },
    modules: { count: listedModules(jobs), stacks_per_module: stacksPerModule(jobs) },
  };
}

type Named = readonly (readonly [name: string, search: ModuleSearch])[];

function timeOf(searches: Named): number {
  return searches.reduce((sum, [, { seconds }]) => sum + seconds, 0);
}

function timesOf(searches: Named): Pick<Figures, "time_per_module"> {
  return whereAny("time_per_module", searches, ({ seconds }) => seconds);
}

function whereAny<K extends keyof Figures>(
  key: K,
  searches: Named,
  figure: (search: ModuleSearch) => number,
): Partial<Record<K, Record<string, number>>> {
  if (searches.length === 0) return {};
  const figures = Object.fromEntries(searches.map(([name, search]) => [name, figure(search)]));
  return { [key]: figures } as Record<K, Record<string, number>>;
}

/** How many modules the jobs list, whether frames are in them or not. */
function listedModules(jobs: readonly SymbolicateJob[]): number {
  return new Set(jobs.flatMap(({ memoryMap }) => memoryMap.map(moduleName))).size;
}

/** How many stacks have a frame in each module. */
function stacksPerModule(jobs: readonly SymbolicateJob[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { memoryMap, stacks } of jobs) {
    for (const stack of stacks) {
      const used = usedModules([{ memoryMap, stacks: [stack] }]);
      for (const module of used.values()) {
        counts[moduleName(module)] = (counts[moduleName(module)] ?? 0) + 1;
      }
    }
  }
  return counts;
}
