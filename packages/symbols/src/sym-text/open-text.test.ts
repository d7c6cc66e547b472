import { truncate } from "node:fs/promises";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ByteBudget } from "../supply/byte-budget.ts";
import { directorySource } from "../supply/directory-source.ts";
import { storeText } from "../test-support/store-text.ts";
import { DEBUG_ID, shown, symText } from "../test-support/sym-text.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { openText } from "./open-text.ts";

const base = await temporaryFolder();
const text = symText("FUNC 1000 40 0 f", "1000 40 5 0", "FILE 0 a.c");

let folders = 0;

/** Puts the text into a folder in symbol-server layout, and gives what opens it there. */
async function stored(bytes: Uint8Array, ending = "") {
  const folder = `${base}/${folders++}`;
  const file = await storeText(folder, bytes, ending);
  const path = { debugFile: "app", debugId: DEBUG_ID, symbolFile: "app.sym" };
  const open = async () => {
    const found = await directorySource(folder).find(path, {});
    return openText(found!, DEBUG_ID, new ByteBudget(), {});
  };
  return { file, open };
}

describe("a symbol file of this machine", () => {
  it.each([
    ["plain", "", (bytes: Buffer) => bytes],
    ["gzipped", ".gz", gzipSync],
    ["compressed with zstd", ".zst", zstdCompressSync],
  ])("answers itself, %s", async (_, ending, compress) => {
    const { open } = await stored(compress(text), ending);
    const symbols = await open();
    expect(shown(symbols!.lookup(0x1001))).toBe("f a.c:5");
    expect(symbols!.textBytes).toBe(text.length);
  });

  it("is refused when it is of another module", async () => {
    const other = Buffer.from(text.toString().replace(DEBUG_ID, "0".repeat(33)));
    const { open } = await stored(other);
    await expect(open()).rejects.toMatchObject({ code: "SYMBOLS_MALFORMED" });
  });

  it("does not answer itself where its parts may say something else than the whole", async () => {
    const { open } = await stored(
      symText("STACK CFI INIT 1 9 .cfa: 0", "PUBLIC 1 0 p", "STACK CFI 2 .ra: 0"),
    );
    expect(await open()).toBeUndefined();
  });

  it("is damaged when it is cut while it answers", async () => {
    const { file, open } = await stored(text);
    const symbols = await open();
    await truncate(file, 10);
    expect(() => symbols!.lookup(0x1001)).toThrow(expect.objectContaining({ code: "SYMCACHE_CORRUPT" }));
  });
});
