import { gzipSync } from "node:zlib";
import { redactProcessedCrash } from "@mayday/crash";
import type { FindSymbols } from "@mayday/symbols";
import { describe, expect, it } from "vitest";
import { run } from "../../test-support/process.ts";

const process = "Main Process (pid 17)";
const bytes = (path: string, amount: number, kind = 1, units = 0) => ({ process, path, amount, kind, units });
const report = (...reports: object[]) => ({ version: 1, hasMozMallocUsableSize: true, reports });

async function measured(memoryReport: unknown, pid: unknown = 17) {
  const dumps = new Map([
    ["upload_file_minidump", new Uint8Array(1)],
    ["memory_report", gzipSync(JSON.stringify(memoryReport))],
  ]);
  return run({}, { jsonDump: { pid } }, { dumps });
}

describe("a memory report", () => {
  it("is summed up for the process that crashed", async () => {
    const { processed } = await measured(
      report(
        bytes("explicit/images/a", 5),
        bytes("explicit/heap-overhead/b", 7),
        bytes("explicit/c/top(none)/detached/d", 11, 0),
        bytes("heap-allocated", 100),
        bytes("js-main-runtime/x", 3),
        bytes("js-main-runtime/y", 4),
        { ...bytes("vsize", 999), process: "Other (pid 170)" },
      ),
    );
    expect(processed.memory_measures).toMatchObject({
      images: 5,
      heap_overhead: 7,
      top_none_detached: 11,
      heap_allocated: 100,
      heap_unclassified: 88,
      explicit: 111,
      js_main_runtime: 7,
      vsize: 0,
    });
  });

  it.each([
    ["of units that are no bytes", report(bytes("explicit/a", 1, 1, 1))],
    ["of an unknown kind", report(bytes("explicit/a", 1, 2))],
    ["without a path", report({ process, amount: 1, kind: 1, units: 0 })],
  ])("with an entry %s has no sums, and a note says so", async (_what, memoryReport) => {
    const { processed, notes } = await measured(memoryReport);
    expect(processed).not.toHaveProperty("memory_measures");
    expect(processed.memory_report).toEqual(memoryReport);
    expect(notes).toContain("MemoryReportExtraction: a report is not as it should be");
  });

  it.each([
    ["of another process", report({ ...bytes("vsize", 1), process: "x (pid 18)" })],
    ["that is a list", [1]],
    ["that is null", null],
    ["without a version", { reports: [] }],
  ])("%s has no sums", async (_what, memoryReport) => {
    expect((await measured(memoryReport)).processed).not.toHaveProperty("memory_measures");
  });

  it("that the client could not make says why", async () => {
    expect((await measured({ ERROR: "out of disk" })).processed).toMatchObject({
      memory_report_error: "out of disk",
    });
  });

  it.each([
    ["that is no gzip", Buffer.from("plain"), "error in gzip for memory_report: Z_DATA_ERROR"],
    [
      "that is cut off",
      gzipSync("x".repeat(1000)).subarray(0, 15),
      "error in gzip for memory_report: Z_BUF_ERROR",
    ],
    ["that is no JSON", gzipSync("{secret"), "error in json for memory_report: it is not JSON"],
    [
      "that is no UTF-8",
      gzipSync(Buffer.from([0x22, 0xff, 0x22])),
      "error in json for memory_report: it is not UTF-8",
    ],
    [
      "that is too large",
      gzipSync(Buffer.alloc(21 * 1024 * 1024)),
      "Uncompressed memory info too large (max: 20971520)",
    ],
  ])("%s says so and quotes nothing of it", async (_what, file, error) => {
    const { processed, notes } = await run(
      {},
      { jsonDump: {} },
      { dumps: new Map([["memory_report", file]]) },
    );
    expect(processed.memory_report_error).toBe(error);
    expect(notes).toContain(error);
    expect(processed).not.toHaveProperty("memory_report");
  });
});

describe("memory that was misused", () => {
  it("is described as the heap checker knows it", async () => {
    const annotations = {
      PHCKind: "FreedPage",
      PHCBaseAddress: "1180591620717411303424",
      PHCUsableSize: "17",
      PHCAllocStack: "1,2",
      PHCFreeStack: "",
    };
    expect((await run(annotations)).processed).toMatchObject({
      phc_kind: "FreedPage",
      phc_base_address: "0x400000000000000000",
      phc_usable_size: 17,
      phc_alloc_stack: "1,2",
      phc_free_stack: "",
    });
  });

  it("loses what is no number, and nothing else", async () => {
    const { processed, notes } = await run({
      PHCKind: "x",
      PHCBaseAddress: [1],
      PHCUsableSize: "big",
      PHCAllocStack: "1",
    });
    expect(processed).toMatchObject({ phc_kind: "x", phc_alloc_stack: "1" });
    expect(notes).toContain("PHCBaseAddress has a non-int value");
    expect(notes).toContain("PHCUsableSize has a non-int value");
  });

  it("has its stacks with functions, by the modules of the dump", async () => {
    const modules = [
      {
        filename: "libxul.so",
        debug_file: "libxul.so",
        debug_id: "A1",
        base_addr: "0x1000",
        end_addr: "0x3000",
      },
      { filename: "gone.so", debug_file: "gone.so", debug_id: "B2", base_addr: "0x5000", end_addr: "0x6000" },
    ];
    const asked: string[] = [];
    const find: FindSymbols = async ({ debugFile, debugId }) => {
      asked.push(`${debugFile} ${debugId}`);
      if (debugFile !== "libxul.so") return { kind: "missing", why: "nobody has it" };
      const symbolicate = (offset: number) => ({
        function: `at ${offset.toString(16)}`,
        functionStart: 0,
        file: "a.cpp",
        line: 7,
        inlines: [],
      });
      const symbolicateAll = (offsets: Float64Array) =>
        new Map(Array.from(offsets, (offset) => [offset, symbolicate(offset)]));
      return { kind: "found", url: "", symbols: { info: { codeFile: "" }, symbolicateAll } } as never;
    };
    const annotations = {
      PHCKind: "FreedPage",
      PHCAllocStack: `${0x1235},${0x5010},${0x9000}`,
      PHCFreeStack: String(0x2001),
    };
    const { processed } = await run(annotations, { jsonDump: { modules } }, { find });
    const call = { file: "a.cpp", line: 7, module: "libxul.so" };
    expect(processed.phc_alloc_frames).toEqual([
      { frame: 0, offset: "0x1235", module_offset: "0x235", function: "at 234", ...call },
      { frame: 1, offset: "0x5010", module: "gone.so", module_offset: "0x10", missing_symbols: true },
      { frame: 2, offset: "0x9000" },
    ]);
    expect(processed.phc_free_frames).toMatchObject([{ function: "at 1000", module_offset: "0x1001" }]);
    expect(asked.toSorted()).toEqual(["gone.so B2", "libxul.so A1"]);
    expect(redactProcessedCrash(processed)).not.toHaveProperty("phc_alloc_frames");
  });

  it("has no frames of what is no list of addresses, and says so without quoting it", async () => {
    const annotations = { PHCKind: "x", PHCAllocStack: "1,secret", PHCFreeStack: "99999999999999999999" };
    const { processed, notes, failures } = await run(annotations, {
      jsonDump: { modules: [null, { base_addr: "x" }] },
    });
    expect(processed).not.toHaveProperty("phc_alloc_frames");
    expect(processed).not.toHaveProperty("phc_free_frames");
    expect(notes).toContain("PHCAllocStack is no list of addresses");
    expect(notes).toContain("PHCFreeStack is no list of addresses");
    expect(failures).toEqual([]);
  });

  it("has as many frames as a stack may have", async () => {
    const long = Array.from({ length: 5000 }, (_, address) => address).join(",");
    const { processed } = await run({ PHCKind: "x", PHCAllocStack: long });
    expect(processed.phc_alloc_frames).toHaveLength(64);
  });

  it("is of no crash that the heap checker says nothing of", async () => {
    expect((await run({ PHCUsableSize: "17" })).processed).not.toHaveProperty("phc_usable_size");
  });
});
