import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { freePort } from "../../packages/storage/src/test-support/servers.ts";
import { archiveForm } from "../../services/symbols/src/test-support/upload.ts";
import { zipOf } from "../../services/symbols/src/test-support/zip.ts";
import { draws } from "../mulberry32.ts";
import { dataFolder, eventually, repository } from "./pipeline.ts";

const KILLS = 10;
const FILES = 6;
const ID = "000102030405060708090A0B0C0D0E0F0";
const draw = draws(20);

const data = await dataFolder();
let child: ChildProcess | undefined;
afterAll(async () => {
  await kill();
  await data.remove();
});

/** The symbols service alone, on a store of files. @returns its address */
async function start(): Promise<string> {
  const port = await freePort();
  child = spawn(process.execPath, ["services/symbols/src/main.ts"], {
    cwd: repository,
    env: {
      PATH: process.env["PATH"],
      MAYDAY_DATA_DIR: data.path,
      SYMBOLS_PORT: String(port),
      SYMBOLS_BUILDERS: "0",
      SYMBOLS_TOKENS: "KEY:upload_symbols:owner@example.com",
      LOG_FILE: join(data.path, "log"),
    },
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually("a symbols service", async () => {
    const answer = await fetch(`${url}/__lbheartbeat__`).catch(() => undefined);
    return answer?.ok || undefined;
  });
  return url;
}

async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

const nameOf = (round: number, file: number) => `mod${round}x${file}`;

/** Some hundred KB that compress badly, so that a store of it takes a while. */
function textOf(name: string): string {
  const lines = Array.from(
    { length: 8000 },
    (_, at) =>
      `PUBLIC ${(at * 16).toString(16)} 0 f${draw(2 ** 31).toString(36)}${draw(2 ** 31).toString(36)}`,
  );
  return `MODULE Linux x86_64 ${ID} ${name}.pdb\nINFO CODE_ID ABCDEF01 ${name}.dll\n${lines.join("\n")}\n`;
}

async function upload(url: string, texts: ReadonlyMap<string, string>): Promise<number> {
  const members = [...texts].map(([name, text]) => ({
    name: `${name}.pdb/${ID}/${name}.sym`,
    content: Buffer.from(text),
  }));
  const { type, body } = archiveForm(zipOf(members));
  const headers = { "content-type": type, "auth-token": "KEY" };
  const answer = await fetch(`${url}/upload/`, { method: "POST", headers, body });
  await answer.arrayBuffer();
  return answer.status;
}

const fetched = async (url: string, name: string) => {
  const answer = await fetch(`${url}/${name}.pdb/${ID}/${name}.sym`);
  return { status: answer.status, text: await answer.text() };
};

describe("kill -9 of the symbols service during uploads", () => {
  it(`leaves no half file visible, and the next try completes, ${KILLS} times`, async () => {
    let url = await start();
    const warm = new Map([["warm", textOf("warm")]]);
    expect(await upload(url, warm)).toBe(201);
    const round = (number: number) =>
      new Map(
        Array.from({ length: FILES }, (_, file) => {
          const name = nameOf(number, file);
          return [name, textOf(name)] as const;
        }),
      );
    const began = performance.now();
    expect(await upload(url, round(KILLS))).toBe(201);
    const tookMs = performance.now() - began;
    let interrupted = 0;
    for (let number = 0; number < KILLS; number++) {
      const texts = round(number);
      const sent = upload(url, texts).catch(() => undefined);
      // At any moment of an upload: one part of it after the other, and somewhere in it.
      await sleep(((number + draw(1000) / 1000) / KILLS) * tookMs);
      await kill();
      if ((await sent) !== 201) interrupted++;
      url = await start();
      for (const [name, text] of texts) {
        const { status, text: got } = await fetched(url, name);
        if (status === 200) expect(got === text, `${name} is whole`).toBe(true);
        else expect(status).toBe(404);
      }
      expect(await upload(url, texts)).toBe(201);
      for (const [name, text] of texts) {
        expect((await fetched(url, name)).text === text, `${name} after the next try`).toBe(true);
        const byCode = await fetch(`${url}/${name}.dll/ABCDEF01/${name}.sym`, { redirect: "manual" });
        expect(byCode.headers.get("location")).toBe(`/${name}.pdb/${ID}/${name}.sym`);
      }
    }
    expect(interrupted).toBeGreaterThan(0);
  }, 300_000);
});
