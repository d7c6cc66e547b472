import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { startSymbols } from "../main.ts";

const ID = "000102030405060708090A0B0C0D0E0F0";
const TEXT = `MODULE Linux x86_64 ${ID} app\nFILE 0 a.c\nFUNC 1000 10 0 f()\n1000 10 7 0\n`;
const folder = await mkdtemp(join(tmpdir(), "mayday-behind-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a request for symbols that have no symcache", () => {
  it("is answered from the text, and the symcache lies there a while later", async () => {
    const symbols = join(folder, "symbols", "v1", "app", ID);
    await mkdir(symbols, { recursive: true });
    await writeFile(join(symbols, "app.sym"), TEXT);
    const service = await startSymbols({
      SYMBOLS_PORT: "0",
      MAYDAY_DATA_DIR: folder,
      SYMBOLS_BUILDERS: "0",
      LOG_LEVEL: "silent",
    });
    const ask = async () => {
      const body = JSON.stringify({ memoryMap: [["app", ID]], stacks: [[[0, 0x1004]]] });
      const answer = await fetch(`${service.url}/symbolicate/v5`, { method: "POST", body });
      const { results } = (await answer.json()) as { results: { stacks: unknown[][] }[] };
      expect(results[0]?.stacks[0]?.[0]).toMatchObject({ function: "f()", file: "a.c", line: 7 });
    };
    const kept = join(folder, "symcache", "app", ID);
    await ask();
    expect(await readdir(kept).catch(() => [])).toEqual([]);
    await vi.waitFor(async () => expect(await readdir(kept)).toHaveLength(1), {
      timeout: 20_000,
      interval: 50,
    });
    await rm(symbols, { recursive: true });
    await vi.waitFor(ask, { timeout: 5000, interval: 50 });
    await service.stop();
  });
});
