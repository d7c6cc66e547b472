import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { startSymbols } from "../main.ts";
import { archiveForm } from "../test-support/upload.ts";
import { zipOf } from "../test-support/zip.ts";

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
const folder = await mkdtemp(join(tmpdir(), "mayday-arrival-"));
const socket = join(folder, "redis.sock");
const environment = {
  SYMBOLS_PORT: "0",
  MAYDAY_DATA_DIR: folder,
  REDIS_URL: socket,
  SYMBOLS_TOKENS: "KEY:upload_symbols:owner@example.com",
  LOG_LEVEL: "silent",
};
const ID = "000102030405060708090A0B0C0D0E0F0";
const PATIENCE = { timeout: 20_000, interval: 50 };

async function upload(url: string, name: string, text: string): Promise<number> {
  const { type, body } = archiveForm(
    zipOf([{ name: `${name}/${ID}/${name}.sym`, content: Buffer.from(text) }]),
  );
  const headers = { "content-type": type, "auth-token": "KEY" };
  const answer = await fetch(`${url}/upload/`, { method: "POST", headers, body });
  return ((await answer.json()) as { upload: { id: number } }).upload.id;
}

async function fileOf(url: string, id: number): Promise<{ symcache: string; problems: string[] }> {
  const answer = await fetch(`${url}/api/uploads/upload/${id}`, { headers: { "auth-token": "KEY" } });
  const { upload } = (await answer.json()) as {
    upload: { file_uploads: [{ symcache: string; problems: string[] }] };
  };
  return upload.file_uploads[0];
}

describe.skipIf(!hasRedis)("symbols that arrive (needs redis-server)", () => {
  const redis = hasRedis
    ? spawn("redis-server", ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder])
    : undefined;
  afterAll(async () => {
    redis?.kill();
    if (redis?.exitCode === null) await once(redis, "exit");
    await rm(folder, { recursive: true, force: true });
  });

  it("have a symcache beside them soon, which answers without the text, and the upload says so", async () => {
    await vi.waitFor(() => expect(existsSync(socket)).toBe(true), PATIENCE);
    const service = await startSymbols(environment);
    const text = `MODULE Linux x86_64 ${ID} app\nFILE 0 a.c\nFUNC 1000 10 0 f()\n1000 10 7 0\nnonsense\n`;
    const id = await upload(service.url, "app", text);
    await vi.waitFor(async () => expect((await fileOf(service.url, id)).symcache).toBe("built"), PATIENCE);
    expect((await fileOf(service.url, id)).problems).toEqual(["1 lines cannot be read: line 5: nonsense"]);
    await rm(join(folder, "symbols", "v1", "app", ID, "app.sym"));
    const body = JSON.stringify({ memoryMap: [["app", ID]], stacks: [[[0, 0x1004]]] });
    const answer = await fetch(`${service.url}/symbolicate/v5`, { method: "POST", body });
    const { results } = (await answer.json()) as { results: { stacks: unknown[][] }[] };
    expect(results[0]?.stacks[0]?.[0]).toMatchObject({ function: "f()", file: "a.c", line: 7 });
    await service.stop();
  });

  it("that cannot be read are kept, and the upload says why", async () => {
    const service = await startSymbols(environment);
    const id = await upload(service.url, "odd", "no symbol file at all\n");
    await vi.waitFor(async () => expect((await fileOf(service.url, id)).symcache).toBe("failed"), PATIENCE);
    expect((await fileOf(service.url, id)).problems.join()).toMatch(/MODULE/);
    expect((await fetch(`${service.url}/odd/${ID}/odd.sym`)).status).toBe(200);
    await service.stop();
  });
});
