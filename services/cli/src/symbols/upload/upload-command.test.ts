import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { startSymbols } from "@mayday/symbols-service";
import { afterAll, describe, expect, it } from "vitest";
import { runMayday } from "../../test-support/run-mayday.ts";

const folder = await mkdtemp(join(tmpdir(), "mayday-upload-"));
const data = join(folder, "data");
const service = await startSymbols({
  SYMBOLS_PORT: "0",
  SYMBOLS_BUILDERS: "0",
  MAYDAY_DATA_DIR: data,
  SYMBOLS_TOKENS: "KEY:upload_symbols:owner@example.com",
  LOG_LEVEL: "silent",
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

const ID = "000102030405060708090A0B0C0D0E0F1";
const symText = (name: string) => `MODULE windows x86_64 ${ID} ${name}.pdb\nFUNC 1000 10 0 f\n1000 10 5 0\n`;
const upload = (places: readonly string[], environment: Record<string, string> = {}) =>
  runMayday(["symbols", "upload", "--url", service.url, "--token", "KEY", ...places], { environment });
const served = async (name: string) => (await fetch(`${service.url}/${name}.pdb/${ID}/${name}.sym`)).status;

async function folderOf(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = join(folder, name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(join(path, file, ".."), { recursive: true });
    await writeFile(join(path, file), content);
  }
  return path;
}

describe("mayday symbols upload", () => {
  it("finds symbol files by what they hold, and skips them the second time", async () => {
    const files = {
      "deep/down/whatever.txt": symText("a"),
      "b.sym.gz": gzipSync(symText("b")),
      "notes.sym": "no symbols",
    };
    const place = await folderOf("found", files);
    expect(await upload([place])).toMatchObject({ code: 0, out: "2 uploaded, 0 there already, 0 failed\n" });
    expect([await served("a"), await served("b")]).toEqual([200, 200]);
    expect(await upload([place])).toMatchObject({ code: 0, out: "0 uploaded, 2 there already, 0 failed\n" });
  });

  it("makes symbols of native files with dump_syms, and says what is missing without", async () => {
    const place = await folderOf("native", { "lib.so": Buffer.from("7f454c46020101", "hex") });
    const tool = join(folder, "dump_syms");
    await writeFile(tool, `#!/bin/sh\n[ "$1" = --inlines ] && printf '%s' '${symText("native")}'\n`);
    await chmod(tool, 0o755);
    const without = await upload([place], { DUMP_SYMS: "", PATH: join(process.execPath, "..") });
    expect(without).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^1 files of native code .*dump_syms/m),
    });
    expect(await upload([place], { DUMP_SYMS: tool })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^1 up/),
    });
    expect(await served("native")).toBe(200);
    const failing = await upload([place], { DUMP_SYMS: "/bin/false" });
    expect(failing).toMatchObject({ code: 1, err: expect.stringContaining("lib.so: exit 1") });
  });

  it("says why a file cannot be uploaded, and uploads the others", async () => {
    const files = {
      "cut.sym.gz": gzipSync(symText("cut").repeat(200)).subarray(0, 60),
      "c.sym": symText("c"),
    };
    const { code, out, err } = await upload([await folderOf("bad", files)]);
    expect([code, out]).toEqual([1, "1 uploaded, 0 there already, 1 failed\n"]);
    expect(err).toContain("cut.sym.gz: ");
    expect(await served("c")).toBe(200);
  });

  it("tells in one line when the server refuses", async () => {
    const place = await folderOf("refused", { "d.sym": symText("d") });
    const refused = await runMayday(["symbols", "upload", "--url", service.url, "--token", "NONE", place]);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^UPLOAD_REFUSED: .*API Token not matched\n$/),
    });
    expect(
      await runMayday(["symbols", "upload", place], { environment: { MAYDAY_TOKEN: "" } }),
    ).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^USAGE: .*a token is needed/),
    });
  });
});

describe("mayday symbols rebuild", () => {
  it("builds the symcaches that are missing, and then none", async () => {
    await upload([await folderOf("rebuilt", { "e.sym": symText("e") })]);
    const environment = { MAYDAY_DATA_DIR: data };
    const first = await runMayday(["symbols", "rebuild"], { environment });
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^[1-9]\d* built, 0 up to date, 0 failed\n$/),
    });
    const answer = await fetch(`${service.url}/e.pdb/${ID}/e.symcache`);
    expect(answer.status).toBe(200);
    const second = await runMayday(["symbols", "rebuild"], { environment });
    expect(second.out).toMatch(/^0 built, [1-9]\d* up to date, 0 failed\n$/);
  });
});
