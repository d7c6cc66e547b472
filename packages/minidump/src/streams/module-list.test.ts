import { describe, expect, it } from "vitest";
import { SynthBytes, type SynthModule, synthMinidump } from "../synth/index.ts";
import { byteOrders, dumpOf } from "../test-support/dump-of.ts";

const windows = 2;
const mac = 0x8101;
const linux = 0x8201;

const module = (more: Partial<SynthModule> = {}): SynthModule => ({
  base: 0x7f00_0000_0000n,
  size: 0x2d000,
  name: "/usr/lib/firefox/libxul.so",
  timestamp: 0x45d3_5f6c,
  ...more,
});

describe.each(byteOrders)("ModuleList, %s endian", (byteOrder) => {
  const read = (platform: number, more: Partial<SynthModule>) =>
    dumpOf(synthMinidump({ byteOrder }).system({ platform }).module(module(more))).modules[0];

  it("identifies an ELF file by its build id", () => {
    const buildId = "0102030405060708090a0b0c0d0e0f1011121314";
    expect(read(linux, { buildId })).toEqual({
      base: 0x7f00_0000_0000n,
      size: 0x2d000,
      name: "/usr/lib/firefox/libxul.so",
      fileName: "libxul.so",
      debugFile: "libxul.so",
      // The first three parts are numbers in the dump's byte order.
      debugId:
        byteOrder === "little" ? "0403020106050807090A0B0C0D0E0F100" : "0102030405060708090A0B0C0D0E0F100",
      codeId: buildId,
      version: undefined,
    });
  });

  it("identifies a Windows file by GUID and age, and by time stamp and size", () => {
    const guid = "5a9832e5287241c1838ed98914e9b7ff";
    const name = "c:\\build\\test_app.pdb";
    expect(read(windows, { name: "c:\\test_app.exe", pdb70: { guid, age: 0x2a, name } })).toMatchObject({
      fileName: "test_app.exe",
      debugFile: "test_app.pdb",
      debugId: "5A9832E5287241C1838ED98914E9B7FF2a",
      codeId: "45d35f6c2d000",
    });
  });

  it("identifies a Mac file by its UUID", () => {
    const pdb70 = { guid: "509c0610949836f7b70bd88bcf03e540", age: 0, name: "crash-client" };
    expect(read(mac, { pdb70 })).toMatchObject({
      debugId: "509C0610949836F7B70BD88BCF03E5400",
      codeId: "509c0610949836f7b70bd88bcf03e540",
    });
  });

  it("identifies an old Windows file by signature and age", () => {
    const pdb20 = { signature: 0x0b32_41c7, age: 17, name: "old.pdb" };
    expect(read(windows, { pdb20 })).toMatchObject({
      debugFile: "old.pdb",
      debugId: "0B3241C711",
      codeId: "45d35f6c2d000",
    });
  });

  it("reads versions as each system packs them", () => {
    const version = [0x0005_0001, 0x0a28_0884, 7, 8] as const;
    expect(read(windows, { version })?.version).toBe("5.1.2600.2180");
    expect(read(mac, { version })?.version).toBe("5.1.2600.2180");
    expect(read(linux, { version: [153, 7, 0, 1] })?.version).toBe("153.7.0.1");
  });
});

describe("ModuleList", () => {
  const identity = (platform: number, more: Partial<SynthModule>) => {
    const dump = dumpOf(synthMinidump().system({ platform }).module(module(more)));
    const { debugFile, debugId, codeId } = dump.modules[0]!;
    return { debugFile, debugId, codeId };
  };

  it("knows a module without CodeView record by time stamp and size, on Windows only", () => {
    const stamp = { debugFile: undefined, debugId: undefined, codeId: "45d35f6c2d000" };
    expect(identity(windows, {})).toEqual(stamp);
    expect(identity(linux, {})).toEqual({ ...stamp, codeId: undefined });
  });

  it("pads a short build id, cuts a long one, and takes zeros for none", () => {
    expect(identity(linux, { buildId: "10faa6bbaab83db3" })).toMatchObject({
      debugId: "BBA6FA10B8AAB33D00000000000000000",
      codeId: "10faa6bbaab83db3",
    });
    expect(identity(linux, { buildId: "11".repeat(32) })).toMatchObject({
      debugId: `${"11".repeat(16)}0`,
      codeId: "11".repeat(32),
    });
    const none = { debugFile: "libxul.so", debugId: undefined, codeId: undefined };
    expect(identity(linux, { buildId: "00".repeat(20) })).toEqual(none);
    expect(identity(linux, { buildId: "" })).toEqual(none);
  });

  it("takes a GUID of zeros for no debug id", () => {
    const pdb70 = { guid: "0".repeat(32), age: 1, name: "x.pdb" };
    expect(identity(windows, { pdb70 })).toEqual({
      debugFile: "x.pdb",
      debugId: undefined,
      codeId: "45d35f6c2d000",
    });
  });

  it("reads a PDB name that has no NUL, and one that goes on behind it", () => {
    const record = () => new SynthBytes("little").u32(0x5344_5352).zeros(15).u8(1).u32(1);
    expect(identity(windows, { codeView: record().utf8("a.pdb").finish() }).debugFile).toBe("a.pdb");
    expect(identity(windows, { codeView: record().utf8("a.pdb\0b").finish() }).debugFile).toBe("a.pdb");
    expect(identity(windows, { codeView: record().finish() }).debugFile).toBeUndefined();
  });

  it("takes a CodeView record it cannot read for none", () => {
    const short = new SynthBytes("little").u32(0x5344_5352).zeros(19).finish();
    for (const codeView of [short, Uint8Array.of(1, 2), Uint8Array.of(9, 9, 9, 9, 9)]) {
      expect(identity(linux, { codeView })).toEqual({
        debugFile: undefined,
        debugId: undefined,
        codeId: undefined,
      });
    }
  });

  it("leaves out modules that cover nothing or reach past the address space", () => {
    const dump = dumpOf(
      synthMinidump()
        .module(module({ size: 0 }))
        .module(module({ base: (1n << 64n) - 0x1000n, size: 0x1001 }))
        .module(module({ base: (1n << 64n) - 0x1000n, size: 0x1000, name: "last" })),
    );
    expect(dump.modules.map(({ name }) => name)).toEqual(["last"]);
    expect(dump.notes).toEqual(["ModuleList: 2 of 3 entries cover no memory"]);
  });

  it("keeps a module whose name cannot be read", () => {
    const entry = new SynthBytes("little").u32(1).u64(0x1000n).u32(0x100, 0, 0, 0xffff_fff0).zeros(84);
    const dump = dumpOf(synthMinidump().stream(4, entry.finish()));
    expect(dump.modules).toEqual([
      expect.objectContaining({ base: 0x1000n, name: "", fileName: "", debugId: undefined }),
    ]);
    expect(dump.notes).toEqual(["ModuleList: 1 of 1 names cannot be read"]);
  });

  it("has no version when the signature is not there", () => {
    expect(dumpOf(synthMinidump().module(module())).modules[0]?.version).toBeUndefined();
  });
});
