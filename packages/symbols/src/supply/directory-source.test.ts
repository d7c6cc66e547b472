import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { DEBUG_ID } from "../test-support/sym-text.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { directorySource } from "./directory-source.ts";
import { inflated } from "./inflate.ts";
import type { FoundSymbolFile } from "./symbol-source.ts";

const folder = await temporaryFolder();

function path(debugFile: string) {
  return { debugFile, debugId: DEBUG_ID, symbolFile: `${debugFile}.sym` };
}

async function store(name: string, content: string | Buffer): Promise<void> {
  const place = join(folder, name.replace(/\.sym(cache|\.gz|\.zst)?$/, ""), DEBUG_ID);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, name), content);
}

async function textOf(found: FoundSymbolFile | undefined): Promise<string | undefined> {
  if (found === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of inflated(found.bytes)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("a folder of symbol files", () => {
  const source = directorySource(folder);

  it("has plain files, which nobody else can fetch", async () => {
    await store("plain.sym", "MODULE plain");
    const found = await source.find(path("plain"), {});
    expect(found?.url).toBeUndefined();
    expect(await textOf(found)).toBe("MODULE plain");
  });

  it("has gzipped files", async () => {
    await store("packed.sym.gz", gzipSync("MODULE packed"));
    expect(await textOf(await source.find(path("packed"), {}))).toBe("MODULE packed");
  });

  it("has files compressed with zstd", async () => {
    await store("dense.sym.zst", zstdCompressSync("MODULE dense"));
    expect(await textOf(await source.find(path("dense"), {}))).toBe("MODULE dense");
  });

  it("may have symcaches beside them", async () => {
    await store("ready.symcache", "a symcache");
    expect(await textOf(await source.findSymcache!(path("ready")))).toBe("a symcache");
    expect(await source.findSymcache!(path("plain"))).toBeUndefined();
  });

  it("knows a module by its code where a symbol file lies under that", async () => {
    const place = join(folder, "some.dll", "5ED439916EB4000");
    await mkdir(place, { recursive: true });
    const line = `MODULE windows x86_64 ${DEBUG_ID} some.pdb\n`;
    await writeFile(join(place, "some.sym.gz"), gzipSync(`${line}INFO CODE_ID 5ED439916EB4000 some.dll\n`));
    const code = { codeFile: "C:\\some.dll", codeId: "5ed439916eb4000" };
    expect(await source.identify!(code)).toMatchObject({ debugFile: "some.pdb", debugId: DEBUG_ID });
    expect(await source.identify!({ ...code, codeId: "1" })).toBeUndefined();
    expect(await source.identify!({ ...code, codeFile: "../x/.." })).toBeUndefined();
  });

  it("prefers the plain file of both", async () => {
    await store("both.sym", "plain");
    await store("both.sym.gz", gzipSync("packed"));
    expect(await textOf(await source.find(path("both"), {}))).toBe("plain");
  });

  it("has none of what is not there, also where a file stands in the way", async () => {
    await writeFile(join(folder, "file"), "no folder");
    expect(await source.find(path("absent"), {})).toBeUndefined();
    expect(await source.find(path("file"), {})).toBeUndefined();
    expect(await directorySource(join(folder, "nowhere")).find(path("plain"), {})).toBeUndefined();
  });

  it("fails on what cannot be read", async () => {
    await mkdir(join(folder, "folder", DEBUG_ID, "folder.sym"), { recursive: true });
    const read = async () => textOf(await source.find(path("folder"), {}));
    await expect(read()).rejects.toMatchObject({ code: "EISDIR" });
    await expect(source.find(path("x".repeat(300)), {})).rejects.toMatchObject({ code: "ENAMETOOLONG" });
  });

  it("is called by its path", () => {
    expect(source.name).toBe(folder);
  });
});
