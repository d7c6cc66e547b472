import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { directorySource } from "./directory-source.ts";
import { inflated } from "./inflate.ts";
import type { FoundSymbolFile } from "./symbol-source.ts";
import { DEBUG_ID } from "./test-support/sym-text.ts";
import { temporaryFolder } from "./test-support/temporary-folder.ts";

const folder = await temporaryFolder();

function path(debugFile: string) {
  return { debugFile, debugId: DEBUG_ID, symbolFile: `${debugFile}.sym` };
}

async function store(name: string, content: string | Buffer): Promise<void> {
  const place = join(folder, name.replace(/\.sym(\.gz)?$/, ""), DEBUG_ID);
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
