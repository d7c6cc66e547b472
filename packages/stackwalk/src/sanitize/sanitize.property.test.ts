import { memorySource, readMinidump } from "@mayday/minidump";
import { SynthBytes, synthMinidump } from "@mayday/minidump/synth";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SymbolsAnswer } from "../address-space/module-symbols.ts";
import { jsonDump } from "../json/json-dump.ts";
import { walk, walkWith } from "../walk/walk.ts";
import { sanitize } from "./sanitize.ts";

/** What nobody may find: as bytes of no text that a report shows, and of no address. */
const MARKER = new TextEncoder().encode("hunter2!hunter2!");

const noSymbols = async (): Promise<SymbolsAnswer> => ({ kind: "missing", why: "there are none" });

/** Memory that is full of the marker but for a return address in its middle. */
function secretMemory(base: bigint, repeats: number): { base: bigint; bytes: Uint8Array } {
  const bytes = new Uint8Array(repeats * MARKER.length + 16);
  for (let at = 0; at < repeats; at++) bytes.set(MARKER, at * MARKER.length);
  new DataView(bytes.buffer).setBigUint64(repeats * MARKER.length, 0x40_1234n, true);
  return { base, bytes };
}

const tail = (stream: Uint8Array) => Uint8Array.of(...stream, ...MARKER);

/** Ways to put the marker into a dump, or to bend the dump so that readers look elsewhere. */
type Synth = ReturnType<typeof synthMinidump>;
const hidings: Readonly<Record<string, (synth: Synth) => Synth>> = {
  "in a memory list": (synth) => synth.memory(secretMemory(0x9000n, 3)),
  "in the list of a full dump": (synth) =>
    synth.memory64([secretMemory(0x9000n, 4), secretMemory(0xa000n, 2)]),
  "in another memory list": (synth) =>
    synth.stream(DOUBLE + 5, (file) => {
      const { base, bytes } = secretMemory(0x9000n, 3);
      const { size, rva } = file.place(bytes);
      return file.bytes().u32(1).u64(base).u32(size, rva).finish();
    }),
  "in another thread list that is cut": (synth) =>
    synth.stream(DOUBLE + 3, Uint8Array.of(1, 0, 0, 0, ...MARKER)),
  "behind a module list's entries": (synth) => synth.stream(DOUBLE + 4, Uint8Array.of(0, 0, 0, 0, ...MARKER)),
  "behind the names of threads": (synth) =>
    synth.stream(24, Uint8Array.of(0, 0, 0, 0, ...MARKER.subarray(0, 12))),
  "in memory that no offset leads to": (synth) =>
    synth.stream(DOUBLE + 5, (file) => {
      file.place(MARKER);
      return file.bytes().u32(1).u64(0x9000n).u32(MARKER.length, 0).finish();
    }),
  "in executable memory that no thread is in": (synth) =>
    synth
      .memoryInfo([{ base: 0x9000n, size: 0x1000n, state: 0x1000, protection: 0x40 }])
      .memory(secretMemory(0x9000n, 5)),
  "among open handles": (synth) =>
    synth.stream(12, tail(new SynthBytes("little").u32(16, 32, 0, 0).finish())),
  "in Crashpad's annotations": (synth) => synth.stream(0x4350_0001, tail(new Uint8Array(52))),
  "in a stability report": (synth) => synth.stream(0x4b6b_0002, MARKER),
  "in an unknown stream": (synth) => synth.stream(0xabcd, MARKER),
  "in the environment": (synth) => synth.stream(0x4767_0007, MARKER),
  "in a line of a copied file": (synth) =>
    synth.stream(0x4767_0004, new TextEncoder().encode("Name:\thunter2!hunter2!\nPid:\t7\n")),
  "in mappings": (synth) =>
    synth.stream(
      0x4767_0009,
      new TextEncoder().encode(
        "00400000-00500000 r-xp 00000000 08:01 1 /home/hunter2!hunter2!\nhunter2!hunter2!",
      ),
    ),
  "behind a list's entries": (synth) =>
    synth.stream(16, tail(new SynthBytes("little").u32(16, 48).u64(0n).finish())),
  "behind the misc info": (synth) =>
    synth.stream(15, tail(new SynthBytes("little").u32(24, 0).zeros(1400).finish())),
  "behind breakpad's info": (synth) =>
    synth.stream(0x4767_0001, tail(new SynthBytes("little").u32(0, 0, 0).finish())),
  "behind a codeview record's name": (synth) =>
    synth.module({
      base: 0x80_0000n,
      size: 0x1000,
      name: "lib.dll",
      codeView: tail(new SynthBytes("little").u32(0x5344_5352).zeros(20).utf8("lib.pdb\0").finish()),
    }),
};

function dumpWith(names: readonly string[]): Uint8Array {
  const stack = secretMemory(0x7000n, 4);
  const synth = synthMinidump()
    .module({ base: 0x40_0000n, size: 0x10_0000, name: "/usr/bin/app", buildId: "ab".repeat(20) })
    .thread({ id: 1, stack, registers: { rip: 0x40_1000n, rsp: 0x7000n } })
    .exception({ code: 11, flags: 1, address: 0x10n, registers: { rip: 0x40_1000n, rsp: 0x7000n } });
  return doubled(names.reduce((so, name) => hidings[name]!(so), synth).finish());
}

/** Streams of these types become others of the type in the low half. */
const DOUBLE = 0xd000_0000;

/** Makes the directory name streams twice. */
function doubled(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer);
  for (let entry = 0; entry < view.getUint32(8, true); entry++) {
    const type = view.getUint32(32 + entry * 12, true);
    if (type > DOUBLE) view.setUint32(32 + entry * 12, type - DOUBLE, true);
  }
  return bytes;
}

async function walkText(bytes: Uint8Array): Promise<string | undefined> {
  const read = readMinidump(bytes);
  if (!read.ok) return undefined;
  const walked = await walkWith(walk(read.dump), noSymbols);
  // What could not be read of private streams is not told of a dump without them.
  return JSON.stringify({ ...jsonDump(read.dump, walked), unreadable: [] });
}

const find = (bytes: Uint8Array) => Buffer.from(bytes).indexOf(MARKER.subarray(0, 8));

describe("a sanitized dump", () => {
  it("holds no marker that was hidden anywhere in dumps of every shape, and is walked as before", async () => {
    const shape = fc.record({
      names: fc.shuffledSubarray(Object.keys(hidings)),
      cut: fc.option(fc.double({ min: 0.5, max: 1, noNaN: true })),
      behind: fc.boolean(),
    });
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(shape, async ({ names, cut, behind }) => {
        let bytes = dumpWith(names);
        if (cut !== null) bytes = bytes.subarray(0, Math.floor(bytes.length * cut));
        // Behind a cut it would stand where fields are: they are kept, whatever they say.
        if (behind && cut === null) bytes = Uint8Array.of(...bytes, ...MARKER);
        const result = await sanitize(memorySource(bytes), noSymbols);
        if (!result.ok) return;
        answered++;
        expect(find(result.bytes.whole())).toBe(-1);
        expect(await walkText(result.bytes.whole())).toBe(await walkText(bytes));
      }),
      { numRuns: 500 },
    );
    expect(answered).toBeGreaterThan(150);
  });

  it.each(Object.keys(hidings))("holds no marker that is hidden %s", async (name) => {
    const bytes = dumpWith([name]);
    const result = await sanitize(memorySource(bytes), noSymbols);
    expect(find(bytes)).toBeGreaterThan(0);
    expect(result.ok && find(result.bytes.whole())).toBe(-1);
  });
});
