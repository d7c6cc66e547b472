import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { signatureMaker } from "@mayday/signature";
import type { StoredPing } from "@mayday/storage";
import {
  createSymbolSupply,
  type FindSymbols,
  type SymbolHit,
  symbolSources,
  symcacheFolder,
} from "@mayday/symbols";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { processPings } from "./process-pings.ts";

const shared =
  process.env["MAYDAY_SHARED_DATA"] ?? fileURLToPath(new URL("../../../../../shared/data", import.meta.url));
const recorded = join(shared, "firefox-esr-153/pings");
const makeSignature = await signatureMaker();

function hitAt(debugFile: string, offset: number): SymbolHit {
  return {
    function: offset === 0x7700 ? "RunWatchdog(void*)" : `${debugFile.split(".")[0]}::f${offset >> 8}()`,
    functionStart: offset & ~0xff,
    file: "src/f.cpp",
    line: offset & 0xff,
    inlines: offset === 0x500 ? [{ function: "inlined()", file: "src/i.h", line: 3 }] : [],
  } as unknown as SymbolHit;
}

/** Symbols in which each function is 0x100 long and named for its module. */
const find: FindSymbols = async ({ debugFile }) =>
  debugFile === "gone.pdb"
    ? { kind: "missing", why: "nobody has it" }
    : ({
        kind: "found",
        url: "",
        symbols: {
          info: { codeFile: "" },
          symbolicateAll: (offsets: Float64Array) =>
            new Map(Array.from(offsets, (offset) => [offset, hitAt(debugFile, offset)])),
        },
      } as never);
const tools = { find, makeSignature, findVersion: async () => undefined };

let count = 0;
const id = () => `08200776-0fff-4c57-ad59-${String(++count).padStart(12, "0")}`;
const module = (name: string, base: number) => ({
  base_address: `0x${base.toString(16)}`,
  end_address: `0x${(base + 0x100000).toString(16)}`,
  debug_file: `${name}.pdb`,
  debug_id: "ABEFD98494C1DB7B0146A054B0B08C320",
  filename: `${name}.DLL`,
  version: "1.0",
});
const frame = (ip: number, module_index?: number) => ({
  ip: `0x${ip.toString(16)}`,
  ...(module_index === undefined ? {} : { module_index }),
  trust: "cfi",
});

interface Said {
  readonly string?: object;
  readonly quantity?: object;
  readonly object?: object;
  readonly traces?: unknown;
  readonly os?: string;
}

const glean = ({ string = {}, quantity = {}, object = {}, traces, os = "Windows" }: Said): StoredPing => ({
  documentId: id(),
  kind: "glean",
  address: { application: "firefox-desktop", version: "1" },
  receivedAt: "2026-08-20T10:11:12.123000+00:00",
  userAgent: "None",
  ping: {
    ping_info: { seq: 1, reason: "crash", end_time: "2026-08-19T10:00:00.000+00:00" },
    client_info: { client_id: "0ce63332-d8c8-49f3-99cf-30d964f28d27", os },
    metrics: {
      string: { "crash.product_name": "Firefox", "crash.os": os, ...string },
      quantity,
      datetime: { "crash.time": "2026-08-18T10:00:00+00:00" },
      object: { ...object, ...(traces === undefined ? {} : { "crash.stack_traces": traces }) },
    },
  },
});

const telemetry = (payload: object): StoredPing => ({
  documentId: id(),
  kind: "telemetry",
  address: { application: "Firefox" },
  receivedAt: "2026-08-20T10:11:12.123000+00:00",
  userAgent: "None",
  ping: {
    type: "crash",
    version: 4,
    clientId: "0ce63332-d8c8-49f3-99cf-30d964f28d27",
    application: { name: "Firefox", version: "60.0", buildId: "20180101000000", channel: "release" },
    environment: { system: { os: { name: "Windows_NT", version: "10.0" } } },
    payload,
  },
});

const modules = [module("xul", 0x10000000), module("gone", 0x20000000)];
const traces = (frames: readonly object[], more = {}) => ({
  crash_type: "EXCEPTION_ACCESS_VIOLATION_READ",
  crash_address: "0x8",
  crash_thread: 0,
  modules,
  threads: [{ frames }],
  ...more,
});

const one = async (ping: StoredPing) => (await processPings([ping], tools)).processed[0]!;
const signatureOf = async (said: Said) => (await one(glean(said))).signature;

describe("a ping", () => {
  it("is symbolicated, with inlines, and signed by the rules of reports", async () => {
    const ping = await one(glean({ traces: traces([frame(0x10000500, 0), frame(0x10000601, 0)]) }));
    expect(ping).toMatchObject({
      signature: "inlined",
      proto_signature: "inlined | xul::f5 | xul::f6",
      reason: "EXCEPTION_ACCESS_VIOLATION_READ",
      address: "0x8",
      product: "Firefox",
      process_type: "parent",
      source: "ping",
      glean_client_id: "0ce63332-d8c8-49f3-99cf-30d964f28d27",
    });
    expect(ping.json_dump?.threads?.[0]?.frames?.[0]).toMatchObject({
      module: "xul.DLL",
      module_offset: "0x500",
      inlines: [{ function: "inlined()", file: "src/i.h", line: 3 }],
    });
  });

  it("is dated by its arrival, and keeps what the client's clock said", async () => {
    expect(await one(glean({ traces: traces([]) }))).toMatchObject({
      date_processed: "2026-08-20T10:11:12.123000+00:00",
      client_crash_date: "2026-08-18T10:00:00+00:00",
      ping_created: "2026-08-19T10:00:00.000Z",
    });
  });

  it("of the older telemetry becomes the same", async () => {
    const ping = await one(
      telemetry({
        processType: "content",
        crashTime: "2018-01-02T03:04:05Z",
        minidumpSha256Hash: "a".repeat(64),
        metadata: { MozCrashReason: "MOZ_CRASH(x)", OOMAllocationSize: "300000" },
        stack_traces: {
          status: "OK",
          crash_info: { type: "SIGSEGV", address: "0x0", crashing_thread: 0 },
          modules: modules.map(({ base_address, end_address, ...rest }) => ({
            ...rest,
            base_addr: base_address,
            end_addr: end_address,
          })),
          threads: [{ frames: [frame(0x10000601, 0)] }],
        },
      }),
    );
    expect(ping).toMatchObject({
      signature: "OOM | large | xul::f6",
      process_type: "content",
      version: "60.0",
      os_name: "Windows NT",
      moz_crash_reason: "MOZ_CRASH(x)",
      minidump_sha256_hash: "a".repeat(64),
      reason: "SIGSEGV",
      client_crash_date: "2018-01-02T03:04:05+00:00",
    });
  });

  it("that comes twice in a batch is there once", async () => {
    const ping = glean({ traces: traces([]) });
    const { processed, repeated } = await processPings([ping, ping], tools);
    expect([processed.length, repeated]).toEqual([1, 1]);
  });

  it("whose client asks for deletion is told of and not kept", async () => {
    const ask = { ...glean({}), asks: "deletion" as const };
    const { processed, deletions } = await processPings([ask], tools);
    expect([processed, deletions]).toEqual([[], ["0ce63332-d8c8-49f3-99cf-30d964f28d27"]]);
  });
});

describe("known faults of other ways to sign pings are absent:", () => {
  const stack = [frame(0x10000601, 0)];

  it("the thread that crashed may be any of the ping's", async () => {
    const threads = [{ frames: [] }, { frames: [] }, { frames: [] }, { frames: stack }];
    expect(await signatureOf({ traces: traces([], { threads, crash_thread: 3 }) })).toBe("xul::f6");
  });

  it("a ping without a stack costs no other ping its stack", async () => {
    const { processed } = await processPings(
      [glean({}), glean({ traces: traces(stack) }), glean({ traces: { error: "no memory" } })],
      tools,
    );
    expect(processed.map(({ signature }) => signature)).toEqual([
      "EMPTY: no frame data available",
      "xul::f6",
      "EMPTY: no frame data available",
    ]);
  });

  it("a shutdown that hangs may come as an object, or with its conditions as text", async () => {
    const timeout = (conditions: unknown) => ({
      traces: traces(stack),
      object: { "crash.async_shutdown_timeout": { phase: "profile-before-change", conditions } },
    });
    const wanted = "AsyncShutdownTimeout | profile-before-change | Blocker A,Blocker B";
    expect(await signatureOf(timeout([{ name: "Blocker B" }, { name: "Blocker A" }]))).toBe(wanted);
    expect(await signatureOf(timeout('[{"name":"Blocker B"},{"name":"Blocker A"}]'))).toBe(wanted);
    expect(await signatureOf(timeout("Blocker A"))).toBe(
      "AsyncShutdownTimeout | profile-before-change | Blocker A",
    );
    const old = telemetry({
      metadata: { AsyncShutdownTimeout: { phase: "p", conditions: [{ name: "c" }] } },
    });
    expect((await one(old)).signature).toBe("AsyncShutdownTimeout | p | c");
  });

  it("frames outside of modules keep their address, or the module that was unloaded", async () => {
    const unloaded_modules = [{ ...module("old", 0x30000000) }];
    const inUnloaded = glean({ traces: traces([frame(0x30000010), ...stack], { unloaded_modules }) });
    expect((await one(inUnloaded)).proto_signature).toBe("(unloaded old.DLL) | xul::f6");
    const nowhere = glean({ traces: traces([frame(0x40000010), ...stack]) });
    expect((await one(nowhere)).proto_signature).toBe("@0x40000010 | xul::f6");
  });

  it("a batch may hold pings of several systems, and Windows is known by its name", async () => {
    const unnamed = [frame(0x20000001, 1)];
    const pings = ["Windows", "Linux", "Darwin"].map((os) => glean({ os, traces: traces(unnamed) }));
    const { processed } = await processPings(pings, tools);
    expect(processed.map(({ signature }) => signature)).toEqual(["gone.dll", "gone.DLL", "gone.DLL"]);
    expect(processed.map(({ os_name }) => os_name)).toEqual(["Windows NT", "Linux", "Mac OS X"]);
  });

  it("hangs, the watchdog's too, are hangs", async () => {
    const threads = [{ frames: [frame(0x10000901, 0)] }, { frames: [frame(0x10007700, 0)] }];
    const ping = await one(glean({ traces: traces([], { threads, crash_thread: 1 }) }));
    expect(ping).toMatchObject({
      signature: "shutdownhang | xul::f9",
      report_type: "hang",
      crashing_thread: 0,
    });
    expect(await signatureOf({ string: { "crash.hang": "ui" }, traces: traces(stack) })).toBe(
      "hang: ui | xul::f6",
    );
  });

  it("out of memory, IPC errors and quota managers are told", async () => {
    expect(
      await signatureOf({ quantity: { "memory.oom_allocation_size": 100 }, traces: traces(stack) }),
    ).toBe("OOM | small");
    expect(
      await signatureOf({ string: { "crash.ipc_channel_error": "ShutDownKill" }, traces: traces(stack) }),
    ).toBe("IPCError-content | ShutDownKill");
    const ping = await one(glean({ object: { "crash.quota_manager_shutdown_timeout": ["a", "b"] } }));
    expect(ping.quota_manager_shutdown_timeout).toBe("a\nb");
  });

  it("a Java exception is signed, in either of its shapes, and its message is nowhere to be seen", async () => {
    const stack = [{ className: "a.B", methodName: "c", file: "B.kt", line: 4, isNative: false }];
    const throwables = [{ typeName: "java.lang.Error", message: "my secret", stack }];
    const ping = await one(glean({ os: "Android", object: { "crash.java_exception": { throwables } } }));
    expect(ping.signature).toBe("java.lang.Error: at a.B.c(B.kt)");
    expect(ping.signature).not.toContain("secret");
    expect(
      (await one(glean({ object: { "crash.java_exception": { messages: ["m"], stack } } }))).signature,
    ).toContain("at a.B.c(B.kt)");
  });
});

describe("bad pings", () => {
  it("of any shape are processed, within bounds", async () => {
    const values = fc.anything({ maxDepth: 3 });
    const odd = fc.record(
      {
        crash_type: values,
        crash_address: values,
        crash_thread: fc.oneof(fc.integer(), values),
        modules: fc.oneof(values, fc.constant(modules), fc.array(values)),
        unloaded_modules: fc.oneof(values, fc.array(values)),
        threads: fc.oneof(
          values,
          fc.array(
            fc.record({
              frames: fc.oneof(
                values,
                fc.array(
                  fc.oneof(
                    values,
                    fc.record({
                      ip: fc.oneof(values, fc.constant("0x10000601")),
                      module_index: fc.oneof(fc.integer({ min: -2, max: 3 }), values),
                    }),
                  ),
                ),
              ),
            }),
          ),
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(odd, values, values, async (stack, value, other) => {
        const said = { object: { "crash.java_exception": value, "crash.async_shutdown_timeout": other } };
        const { processed, ruleFailures } = await processPings(
          [glean({ ...said, traces: stack }), glean({ traces: traces([frame(0x10000601, 0)]) })],
          tools,
        );
        expect(ruleFailures).toEqual([]);
        expect(typeof processed[0]?.signature).toBe("string");
        expect(processed[1]?.signature).toBe("xul::f6");
      }),
      { numRuns: 300 },
    );
  });

  it("with a million modules, endless stacks and offsets below a module cost little", async () => {
    const many = Array.from({ length: 1_000_000 }, () => modules[0]);
    const frames = Array.from({ length: 200_000 }, (_, n) => frame(0x10000601, n));
    const ping = glean({ traces: traces(frames, { modules: many }) });
    const began = performance.now();
    const done = await one(ping);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(done.json_dump?.threads?.[0]?.frames).toHaveLength(100);
    expect(done.json_dump?.modules?.length).toBeLessThanOrEqual(100);
    expect(done.processor_notes).toContain("199900 frames in the middle of a stack are left out");
    const below = await one(glean({ traces: traces([frame(0x100, 0)]) }));
    expect(below.signature).toBe("@0x100");
    expect(below.processor_notes).toContain("a frame lies outside of its module");
  });
});

describe.skipIf(!existsSync(recorded))("pings that Firefox sent (needs the shared data)", () => {
  it("are signed with the symbols there are", async () => {
    const supply = createSymbolSupply({
      sources: symbolSources([join(shared, "firefox-esr-153/symbols")]),
      folder: symcacheFolder(mkdtempSync(join(tmpdir(), "mayday-pings-")), { maxBytes: 1e9 }),
      memoryBytes: 1e9,
      missesLastMs: 1e6,
      now: Date.now,
    });
    const pings = readdirSync(recorded).map((file): StoredPing => {
      const [path = "", body = ""] = readFileSync(join(recorded, file), "utf8").split("\n");
      return { ...glean({}), documentId: path.split("/").at(-1) ?? "", ping: JSON.parse(body) };
    });
    const { processed } = await processPings(pings, { ...tools, find: (module) => supply.get(module) });
    expect(processed.map(({ signature }) => signature)).toMatchInlineSnapshot(`
      [
        "__poll | libxul.so | g_main_context_dispatch | g_main_context_iteration | libxul.so | uprofiler_get",
        "__poll | libxul.so | g_main_context_dispatch | g_main_context_iteration | libxul.so | uprofiler_get",
      ]
    `);
    for (const ping of processed) {
      expect(ping).toMatchObject({
        product: "Firefox",
        version: "153.7.0esr",
        os_name: "Linux",
        cpu_arch: "amd64",
      });
    }
  });
});
