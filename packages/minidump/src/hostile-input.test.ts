import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stackPointer } from "./contexts/cpu-context.ts";
import { stackMemory } from "./memory/stack-memory.ts";
import { readMinidump } from "./read-minidump.ts";
import { crashAddress } from "./reasons/crash-address.ts";
import { crashReason } from "./reasons/crash-reason.ts";
import { crashingThreadIndex } from "./reasons/crashing-thread.ts";
import { label, SynthBytes, synthMinidump, synthStack } from "./synth/index.ts";
import { byteOrders, dumpOf } from "./test-support/dump-of.ts";

/** A dump that has every stream the reader knows, of some kilobytes. */
function everything(byteOrder: "little" | "big"): Uint8Array {
  const stack = synthStack(0x7ffe_0000n).word(label("top")).mark("top").gap(4);
  const region = (base: bigint) => ({ base, bytes: new Uint8Array(24).fill(7) });
  return synthMinidump({ byteOrder })
    .linux({
      uname: "Linux 6.1.0 #1 SMP x86_64",
      cpuInfo: "microcode\t: 0x1\n",
      procStatus: "Pid:\t12\n",
      lsbRelease: 'ID=debian\nPRETTY_NAME="Debian"\n',
      maps: "1000-2000 r-xp 00000000 fe:01 12 /usr/bin/app\n",
      environment: "HOME=/root\0PATH=/bin\0",
      limits: "Max open files            1024                 4096                 files     \n",
    })
    .thread({ id: 12, name: "main", stack, registers: { rsp: label("top"), rip: 0x1010n } })
    .thread({ id: 13, name: "worker", stackStart: 0x5000n, registers: { rsp: 0x5008n } })
    .module({ base: 0x1000n, size: 0x1000, name: "/usr/bin/app", buildId: "ab".repeat(20) })
    .module({
      base: 0x3000n,
      size: 0x1000,
      name: "b",
      pdb70: { guid: "c".repeat(32), age: 1, name: "b.pdb" },
    })
    .module({ base: 0x8000n, size: 0x1000, name: "c", pdb20: { signature: 1, age: 1, name: "c.pdb" } })
    .unloadedModule({ base: 0x9000n, size: 0x1000, name: "gone" })
    .exception({ code: 11, flags: 1, address: 8n, parameters: [1n], registers: { rip: 0x1010n } })
    .memory(region(0x5000n))
    .memory64([region(0x5000n), region(0x6000n)])
    .memoryInfo([{ base: 0x1000n, size: 0x1000n, state: 0x1000, protection: 0x20 }])
    .miscInfo({
      pid: 12,
      times: [1, 2, 3],
      power: [1, 2],
      integrityLevel: 1,
      builds: ["a", "b"],
      processCookie: 5,
    })
    .breakpadInfo({ dumpThreadId: 13, requestingThreadId: 12 })
    .handles([{ handle: 3n, typeName: "File", objectName: "/tmp" }])
    .macCrashInfo([
      { version: 5, thread: 1n, dialogMode: 2n, abortCause: 3n, strings: ["/a", "b", "c", "d", "e"] },
      { version: 5 },
    ])
    .macBootArgs("-v")
    .crashpadInfo({
      reportId: "1".repeat(32),
      clientId: "2".repeat(32),
      annotations: { a: "b" },
      modules: [
        {
          moduleIndex: 0,
          list: ["x"],
          simple: { c: "d" },
          objects: [{ name: "o", type: 1, value: Uint8Array.of(65) }],
        },
      ],
    })
    .assertion(["a == b", "f", "f.c"], 7, 1)
    .stream(0x4b6b0002, Uint8Array.of(1, 2))
    .softErrors('{"a":[1]}')
    .finish();
}

/** Reads `bytes` and asks everything a dump can be asked. No reader may have met its own mistake. */
function exercise(bytes: Uint8Array): void {
  const result = readMinidump(bytes);
  if (!result.ok) {
    expect(result.error.message).not.toContain("ReaderFault");
    return;
  }
  const { dump } = result;
  expect(dump.notes.join("\n")).not.toContain("ReaderFault");
  crashReason(dump);
  crashAddress(dump);
  crashingThreadIndex(dump);
  for (const thread of dump.threads)
    stackMemory(dump, thread, thread.context ? stackPointer(thread.context) : 0n);
}

describe.each(byteOrders)("hostile dumps, %s endian", (byteOrder) => {
  const whole = everything(byteOrder);

  it("begin as a dump in which all is readable", () => {
    expect(dumpOf(whole).notes).toEqual([]);
  });

  it("may end anywhere", () => {
    for (let length = 0; length < whole.length; length++) exercise(whole.subarray(0, length));
  });

  it("may have any byte changed", () => {
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        exercise(bytes);
      }),
      { numRuns: 1500 },
    );
  });

  it("may have any word changed into an extreme one", () => {
    const extreme = fc.constantFrom(0, 1, 4, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff);
    const change = fc.tuple(fc.nat(whole.length - 4), extreme);
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = whole.slice();
        const view = new DataView(bytes.buffer);
        for (const [at, value] of changes) view.setUint32(at, value, byteOrder === "little");
        exercise(bytes);
      }),
      { numRuns: 1500 },
    );
  });
});

describe("hostile dumps", () => {
  it("may be any bytes behind a good header", () => {
    const header = synthMinidump().finish().subarray(0, 8);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (rest) => exercise(Uint8Array.of(...header, ...rest))),
    );
  });

  it("cannot make more text than they have bytes, by names that overlap", () => {
    const count = 5000;
    // Every second byte 0x01 or 0x00: wherever a name begins, its length reads as about 65,000 bytes.
    const text = new Uint8Array(200_000).map((_, at) => [0xfe, 0xff, 0, 0][at % 4]!);
    const synth = synthMinidump().stream(4, (file) => {
      const { rva } = file.place(text);
      const stream = file.bytes().u32(count);
      for (let index = 0; index < count; index++) {
        stream
          .u64(BigInt(index) << 16n)
          .u32(0x1000, 0, 0, rva + index * 4)
          .zeros(84);
      }
      return stream.finish();
    });
    const bytes = synth.finish();
    const dump = dumpOf(bytes);
    const units = dump.modules.reduce((sum, { name }) => sum + name.length, 0);
    expect(dump.modules).toHaveLength(count);
    expect(units).toBeGreaterThan(0);
    expect(units * 2).toBeLessThanOrEqual(bytes.length);
    expect(dump.notes.at(-1)).toBe("some names are left out: together they are longer than the dump");
  });

  it("cannot make lists without end", () => {
    const count = 262_145;
    const stream = new Uint8Array(4 + 12 * count);
    stream.set(new SynthBytes("little").u32(count).finish());
    expect(dumpOf(synthMinidump().stream(24, stream)).notes).toEqual([
      "ThreadNames: only the first 262144 of 262145 entries are kept",
    ]);
  });
});
