import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runMayday } from "../test-support/run-mayday.ts";

const ID = "000102030405060708090A0B0C0D0E0F0";
const folder = await mkdtemp(join(tmpdir(), "mayday-expire-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function stored(key: string, daysAgo: number): Promise<string> {
  const path = join(folder, "symbols", key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "text");
  const at = Date.now() / 1000 - daysAgo * 86_400;
  await utimes(path, at, at);
  return path;
}

const expire = (...options: readonly string[]) =>
  runMayday(["symbols", "expire", ...options], { environment: { MAYDAY_DATA_DIR: folder } });

describe("mayday symbols expire", () => {
  it("tells what it would remove, then removes that and nothing else", async () => {
    const [oldKey, tryKey] = [`v1/old/${ID}/old.sym`, `try/v1/tried/${ID}/tried.sym`];
    const old = await stored(oldKey, 400);
    const tried = await stored(tryKey, 30);
    const young = await stored(`v1/young/${ID}/young.sym`, 300);
    const dry = await expire("--dry-run");
    expect(dry).toMatchObject({ code: 0, out: `${tryKey}\n${oldKey}\n` });
    expect(dry.err).toContain("2 files of 8 bytes would be removed");
    expect([old, tried, young].map(existsSync)).toEqual([true, true, true]);
    expect(await expire()).toMatchObject({ code: 0, out: dry.out });
    expect([old, tried, young].map(existsSync)).toEqual([false, false, true]);
    expect((await expire("--days", "299", "--with-crashes")).out).toContain(`v1/young/${ID}/young.sym`);
  });
});
