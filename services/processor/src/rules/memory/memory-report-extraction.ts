import type { ProcessedCrash } from "@mayday/crash";
import { rule } from "../../rule.ts";
import { recordOf, stringOf } from "../../values/json-records.ts";

type Measures = NonNullable<ProcessedCrash["memory_measures"]>;
type MeasureName = keyof Measures;

/** Paths of reports whose amounts are a measure each. */
const WHOLE_PATHS = new Map<string, MeasureName>([
  ["gfx-textures", "gfx_textures"],
  ["ghost-windows", "ghost_windows"],
  ["heap-allocated", "heap_allocated"],
  ["host-object-urls", "host_object_urls"],
  ["private", "private"],
  ["resident", "resident"],
  ["resident-unique", "resident_unique"],
  ["system-heap-allocated", "system_heap_allocated"],
  ["vsize", "vsize"],
  ["vsize-max-contiguous", "vsize_max_contiguous"],
]);

const UNITS_BYTES = 0;
const KIND_NONHEAP = 0;
const KIND_HEAP = 1;

/** Sums up the memory report for the process that crashed. */
export const memoryReportExtraction = rule({
  name: "MemoryReportExtraction",
  reads: ["json_dump", "memory_report"],
  writes: ["memory_measures"],
  act({ processed, notes }) {
    const pid: unknown = processed.json_dump?.pid;
    const report = recordOf(processed.memory_report);
    if (!pid || !Array.isArray(report["reports"]) || !isWhole(report)) return;
    const own = report["reports"].filter((one) =>
      stringOf(recordOf(one)["process"])?.includes(`(pid ${pid})`),
    );
    if (own.length === 0) return;
    const measures = measuresOf(own);
    if (measures === undefined) notes.push("MemoryReportExtraction: a report is not as it should be");
    else processed.memory_measures = measures;
  },
});

function isWhole(report: Readonly<Record<string, unknown>>): boolean {
  return ["version", "hasMozMallocUsableSize"].every((name) => Object.hasOwn(report, name));
}

/** The sums; undefined when a report lacks something, since a sum without it says nothing. */
function measuresOf(reports: readonly unknown[]): Measures | undefined {
  const sums: Record<MeasureName, number> = {
    explicit: 0,
    gfx_textures: 0,
    ghost_windows: 0,
    heap_allocated: 0,
    heap_overhead: 0,
    heap_unclassified: 0,
    host_object_urls: 0,
    images: 0,
    js_main_runtime: 0,
    private: 0,
    resident: 0,
    resident_unique: 0,
    system_heap_allocated: 0,
    top_none_detached: 0,
    vsize: 0,
    vsize_max_contiguous: 0,
  };
  let heap = 0;
  let nonHeap = 0;
  for (const report of reports) {
    const { path, amount, kind, units } = recordOf(report);
    if (typeof path !== "string" || typeof amount !== "number") return undefined;
    if (kind === undefined || units === undefined) return undefined;
    if (path.startsWith("explicit/")) {
      if (units !== UNITS_BYTES) return undefined;
      if (kind === KIND_NONHEAP) nonHeap += amount;
      else if (kind === KIND_HEAP) heap += amount;
      else return undefined;
      const part = explicitPart(path);
      if (part !== undefined) sums[part] += amount;
    } else if (path.startsWith("js-main-runtime/")) {
      sums.js_main_runtime += amount;
    } else {
      const name = WHOLE_PATHS.get(path);
      if (name !== undefined) sums[name] += amount;
    }
  }
  sums.heap_unclassified = sums.heap_allocated - heap;
  sums.explicit = sums.heap_allocated + nonHeap;
  return sums;
}

function explicitPart(path: string): MeasureName | undefined {
  if (path.startsWith("explicit/images/")) return "images";
  if (path.includes("top(none)/detached")) return "top_none_detached";
  return path.startsWith("explicit/heap-overhead/") ? "heap_overhead" : undefined;
}
