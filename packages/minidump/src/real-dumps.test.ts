import { describe, expect, it } from "vitest";
import { instructionPointer, stackPointer } from "./contexts/cpu-context.ts";
import { holds } from "./memory/memory-range.ts";
import { stackMemory } from "./memory/stack-memory.ts";
import type { Minidump } from "./minidump.ts";
import { readMinidump } from "./read-minidump.ts";
import { crashAddress } from "./reasons/crash-address.ts";
import { crashReason } from "./reasons/crash-reason.ts";
import { crashingThreadIndex } from "./reasons/crashing-thread.ts";
import { dumpOf } from "./test-support/dump-of.ts";
import { hasSharedData, sharedData, sharedJson } from "./test-support/shared-data.ts";

/** The part of minidump-stackwalk's JSON that a reader alone can answer. */
interface Expected {
  readonly crash_info: { readonly type: string; readonly address: string; readonly crashing_thread: number };
  readonly modules: readonly Record<string, unknown>[];
  readonly pid: number;
  readonly system_info: Record<string, unknown>;
  readonly threads: readonly {
    readonly thread_id: number;
    readonly thread_name: string | null;
    readonly frames: readonly { readonly offset: string }[];
  }[];
}

function hexOf(dump: Minidump, address: bigint): string {
  return `0x${address.toString(16).padStart(dump.systemInfo.pointerWidth * 2, "0")}`;
}

function modulesOf(dump: Minidump): Record<string, unknown>[] {
  return dump.modules.map((module) => ({
    base_addr: hexOf(dump, module.base),
    end_addr: hexOf(dump, module.base + BigInt(module.size)),
    filename: module.fileName,
    debug_file: module.debugFile ?? "",
    debug_id: module.debugId ?? "0".repeat(33),
    code_id: module.codeId ?? "",
    version: module.version ?? null,
  }));
}

function only(source: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, source[key]]));
}

/** The dump that Firefox's crash reporter sent: the part of the multipart body with that name. */
function firefoxDump(submission: string): Minidump {
  const body = Buffer.from(sharedData(`firefox-esr-153/submissions/${submission}`));
  const boundary = body.subarray(0, body.indexOf("\r\n"));
  const start = body.indexOf("\r\n\r\n", body.indexOf('name="upload_file_minidump"')) + 4;
  return dumpOf(body.subarray(start, body.indexOf(Buffer.concat([Buffer.from("\r\n"), boundary]), start)));
}

describe("real dumps with rust-minidump's answers", () => {
  for (const [dumpPath, jsonPath] of [
    ["rust-minidump/test.dmp", "rust-minidump/test.dmp.no-symbols.json"],
    [
      "rust-minidump/pipeline-inlines-macos-segv.dmp",
      "rust-minidump/pipeline-inlines-macos-segv.dmp.symbols.json",
    ],
  ] as const) {
    it.skipIf(!hasSharedData(dumpPath, jsonPath))(`agree on ${dumpPath} (needs the shared data)`, () => {
      const dump = dumpOf(sharedData(dumpPath));
      const expected = sharedJson(jsonPath) as Expected;
      const { systemInfo } = dump;
      const osVersion = [systemInfo.osVersion, systemInfo.osBuild].filter(Boolean).join(" ");
      expect({
        os: systemInfo.os,
        os_ver: osVersion,
        cpu_arch: systemInfo.cpu,
        cpu_info: systemInfo.cpuInfo,
        cpu_count: systemInfo.cpuCount,
      }).toEqual(only(expected.system_info, ["os", "os_ver", "cpu_arch", "cpu_info", "cpu_count"]));
      expect(modulesOf(dump)).toEqual(
        expected.modules.map((module) => only(module, Object.keys(modulesOf(dump)[0]!))),
      );
      expect(dump.threads.map(({ id, name }) => [id, name ?? null])).toEqual(
        expected.threads.map((thread) => [thread.thread_id, thread.thread_name]),
      );
      expect(hexOf(dump, crashAddress(dump)!)).toBe(expected.crash_info.address);
      expect(crashingThreadIndex(dump)).toBe(expected.crash_info.crashing_thread);
      expect(dump.miscInfo?.pid).toBe(expected.pid);
    });
  }

  const mac = "rust-minidump/pipeline-inlines-macos-segv.dmp";
  it.skipIf(!hasSharedData(mac))(`have the instruction pointers of ${mac} (needs the shared data)`, () => {
    const dump = dumpOf(sharedData(mac));
    const expected = sharedJson(`${mac}.symbols.json`) as Expected;
    const offsets = dump.threads.map((thread) => hexOf(dump, instructionPointer(thread.context!)));
    // The first thread crashed: the report shows the exception's registers.
    offsets[0] = hexOf(dump, instructionPointer(dump.exception!.context!));
    expect(offsets).toEqual(expected.threads.map((thread) => thread.frames[0]?.offset ?? offsets[0]));
  });

  const invalid = "rust-minidump/invalid-range.dmp";
  it.skipIf(!hasSharedData(invalid))(`reject ${invalid} for what it lacks (needs the shared data)`, () => {
    expect(readMinidump(sharedData(invalid))).toMatchObject({ error: { name: "MissingThreadList" } });
  });
});

describe("real dumps of Breakpad's tests", () => {
  const inline = "breakpad/linux_inline.dmp";
  it.skipIf(!hasSharedData(inline))(`read ${inline} (needs the shared data)`, () => {
    const dump = dumpOf(sharedData(inline));
    expect(dump.notes).toEqual([]);
    expect(dump.systemInfo.osVersion).toBe("5.10.28");
    expect(crashReason(dump)).toBe("SIGILL / ILL_ILLOPN");
    expect(crashAddress(dump)).toBe(0x2161b6n);
    expect(dump.modules[0]).toMatchObject({
      fileName: "linux_inline",
      debugId: "BBA6FA10B8AAB33D00000000000000000",
      codeId: "10faa6bbaab83db3",
    });
  });

  const nullDereference = "breakpad/linux_null_dereference.dmp";
  it.skipIf(!hasSharedData(nullDereference))(`read ${nullDereference} (needs the shared data)`, () => {
    const dump = dumpOf(sharedData(nullDereference));
    expect(dump.notes).toEqual([]);
    expect(crashReason(dump)).toBe("SIGSEGV");
    expect(dump.systemInfo).toMatchObject({
      osVersion: "3.13.0-53-generic",
      osBuild: "#89-Ubuntu SMP Wed May 20 10:34:39 UTC 2015",
    });
    expect(dump.linux.lsbRelease?.description).toBe("Ubuntu 14.04 LTS");
    expect(dump.linux.maps?.lineCount).toBe(35);
    expect(dump.linux.procStatus?.["Pid"]).toBe("20520");
    // An old Linux writer: build ids in PDB records, and no ELF code id.
    expect(dump.modules[0]).toMatchObject({
      debugId: "014F7B7CB88E7675C28A362BD5A8961F0",
      codeId: "0000000017000",
    });
  });

  const threadNames = "breakpad/thread_name_list.dmp";
  it.skipIf(!hasSharedData(threadNames))(
    `read the thread names of ${threadNames} (needs the shared data)`,
    () => {
      const names = dumpOf(sharedData(threadNames)).threads.map(({ name }) => name);
      expect(names.filter((name) => name !== undefined).length).toBeGreaterThan(0);
    },
  );
});

describe("dumps that Firefox sent", () => {
  const folder = "firefox-esr-153/submissions";
  const segv = "parent-sigsegv.multipart";
  it.skipIf(!hasSharedData(`${folder}/${segv}`))(`read ${segv} (needs the shared data)`, () => {
    const dump = firefoxDump(segv);
    expect(dump.notes).toEqual([]);
    expect(dump.systemInfo).toEqual({
      cpu: "amd64",
      architecture: 9,
      pointerWidth: 8,
      os: "Linux",
      osVersion: "6.18.44-fc-v595",
      osBuild: "#1 SMP PREEMPT_DYNAMIC @0",
      cpuInfo: "family 25 model 1 stepping 1",
      cpuCount: 2,
    });
    // The signal came from kill(2): no address faulted, and si_addr overlays the sender's process id.
    expect(crashReason(dump)).toBe("SIGSEGV");
    expect(crashAddress(dump)).toBe(10352n);
    expect(crashingThreadIndex(dump)).toBe(0);
    expect(dump.threads).toHaveLength(70);
    expect(dump.modules).toHaveLength(155);
    expect(dump.modules[0]).toMatchObject({
      fileName: "firefox-esr",
      debugId: "ABEFD98494C1DB7B0146A054B0B08C320",
      codeId: "84d9efabc1947bdb0146a054b0b08c32c49a687e",
    });
    expect(dump.linux.maps?.lineCount).toBe(1462);
    expect(dump.linux.maps?.regions).toHaveLength(1462);
    expect(dump.linux.lsbRelease).toEqual({
      id: "debian",
      release: "12",
      codename: "bookworm",
      description: "Debian GNU/Linux 12 (bookworm)",
    });
    expect(dump.linux.cpuInfo?.["microcode"]).toBe("0x1000065");
  });

  for (const submission of [segv, "parent-sigabrt.multipart"]) {
    it.skipIf(!hasSharedData(`${folder}/${submission}`))(
      `find the stack of every thread of ${submission} (needs the shared data)`,
      () => {
        const dump = firefoxDump(submission);
        for (const thread of dump.threads) {
          expect(thread.name).toBeTruthy();
          const sp = stackPointer(thread.context!);
          expect(holds(stackMemory(dump, thread, sp)!, sp)).toBe(true);
        }
      },
    );
  }
});
