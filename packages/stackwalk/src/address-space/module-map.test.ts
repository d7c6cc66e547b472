import { readMinidump } from "@mayday/minidump";
import { synthMinidump } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { ModuleMap, moduleOffset } from "./module-map.ts";

/** A map of modules given as name, base and size, in the order of the dump. */
function mapOf(...modules: readonly (readonly [name: string, base: bigint, size: number])[]): ModuleMap {
  const synth = synthMinidump();
  for (const [name, base, size] of modules) synth.module({ name, base, size });
  const read = readMinidump(synth.finish());
  if (!read.ok) throw new Error(read.error.message);
  return new ModuleMap(read.dump.modules);
}

function names(map: ModuleMap, ...addresses: readonly bigint[]): (string | undefined)[] {
  return addresses.map((address) => map.at(address)?.name);
}

describe("a map of modules", () => {
  it("finds a module from its first byte to its last, in whatever order they are", () => {
    const map = mapOf(["b", 0x3000n, 0x1000], ["a", 0x1000n, 0x1000]);
    expect(names(map, 0xfffn, 0x1000n, 0x1fffn, 0x2000n, 0x3000n, 0x3fffn, 0x4000n)).toEqual([
      undefined,
      "a",
      "a",
      undefined,
      "b",
      "b",
      undefined,
    ]);
  });

  it("is empty without modules", () => {
    expect(names(mapOf(), 0n)).toEqual([undefined]);
  });

  it("leaves out a module that begins inside the one before", () => {
    const map = mapOf(["inside", 0x1800n, 0x1000], ["a", 0x1000n, 0x1000]);
    expect(names(map, 0x17ffn, 0x1800n, 0x2000n)).toEqual(["a", "a", undefined]);
  });

  it("keeps the smallest of those that begin together, and the first of equal ones", () => {
    const map = mapOf(["large", 0x1000n, 0x2000], ["small", 0x1000n, 0x1000], ["same", 0x1000n, 0x1000]);
    expect(names(map, 0x1000n, 0x2000n)).toEqual(["small", undefined]);
  });

  it("reaches to the end of the address space", () => {
    const map = mapOf(["vsyscall", 0xffff_ffff_ff60_0000n, 0x1000]);
    const module = map.at(0xffff_ffff_ff60_0fffn)!;
    expect(moduleOffset(module, 0xffff_ffff_ff60_0fffn)).toBe(0xfff);
  });
});

describe("a map of modules that does better", () => {
  const listed = (synth = synthMinidump()) => {
    const read = readMinidump(synth.finish());
    if (!read.ok) throw new Error(read.error.message);
    return read.dump;
  };
  const id = (digit: string) => digit.repeat(40);

  it("finds a module inside another, of another name, and what is around it", () => {
    const { modules } = listed(
      synthMinidump()
        .module({ name: "ld.so", base: 0x1000n, size: 0x4000, buildId: id("a") })
        .module({ name: "ld.so", base: 0x2000n, size: 0x1000, buildId: id("a") })
        .module({ name: "linux-gate.so", base: 0x3000n, size: 0x1000, buildId: id("b") }),
    );
    const map = new ModuleMap(modules, { inner: true });
    expect(names(map, 0x1000n, 0x2000n, 0x2fffn, 0x3000n, 0x3fffn, 0x4000n, 0x5000n)).toEqual([
      "ld.so",
      "ld.so",
      "ld.so",
      "linux-gate.so",
      "linux-gate.so",
      "ld.so",
      undefined,
    ]);
    expect(map.modules.map(({ name }) => name)).toEqual(["ld.so", "linux-gate.so"]);
  });

  it("takes entries that are mappings of one file for one module", () => {
    const maps = [
      "00001000-00002000 r--p 00000000 08:01 1 /lib/a.so",
      "00005000-00006000 r-xp 00001000 08:01 1 /lib/a.so",
      "00008000-00009000 r--p 00000000 08:01 2 /lib/b.so",
      "0000a000-0000b000 r--p 00000000 08:01 1 /lib/a.so",
    ].join("\n");
    const { modules, linux } = listed(
      synthMinidump()
        .linux({ maps })
        .module({ name: "/lib/a.so", base: 0x1000n, size: 0x1000, buildId: id("a") })
        .module({ name: "/lib/a.so", base: 0x5000n, size: 0x1000 })
        .module({ name: "/lib/b.so", base: 0x8000n, size: 0x1000, buildId: id("b") })
        .module({ name: "/lib/a.so", base: 0xa000n, size: 0x1000, buildId: id("a") }),
    );
    const map = new ModuleMap(modules, { mappings: linux.maps!.regions });
    const bases = [0x1000n, 0x5000n, 0x8000n, 0xa000n].map((address) => map.at(address)?.base);
    expect(bases).toEqual([0x1000n, 0x1000n, 0x8000n, 0xa000n]);
  });
});
