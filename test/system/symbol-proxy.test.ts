import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../packages/storage/src/test-support/servers.ts";
import {
  crashIdIn,
  dataFolder,
  eventually,
  type Pipeline,
  processedCrash,
  repository,
  startPipeline,
} from "./pipeline.ts";
import { demoAnnotations, demoDump, demoSymbols, postForm } from "./submit.ts";

const TEAPOT = "/teapot/2FB0B04480C9E128E8269805C17188E90/teapot.sym";
const LIBC = "/libc.so.6/EC61AC938E5A39B16F9FBD350E3169A50/libc.so.6.sym";
const files = new Map([
  [TEAPOT, readFileSync(join(demoSymbols, TEAPOT))],
  [LIBC, gunzipSync(readFileSync(join(demoSymbols, `${LIBC}.gz`)))],
]);

/** A symbol server that belongs to somebody else. */
const asked: string[] = [];
const upstream = createServer((request, response) => {
  const path = request.url?.split("?")[0] ?? "";
  asked.push(path);
  const file = files.get(path);
  response.writeHead(file === undefined ? 404 : 200).end(file);
});

const [data, proxyData] = [await dataFolder(), await dataFolder()];
let pipeline: Pipeline;
let proxy: ChildProcess;
let proxyUrl = "";
beforeAll(async () => {
  await new Promise<void>((ready) => upstream.listen(0, "127.0.0.1", ready));
  const port = await freePort();
  proxyUrl = `http://127.0.0.1:${port}`;
  proxy = spawn(process.execPath, ["services/symbols/src/main.ts"], {
    cwd: repository,
    env: {
      PATH: process.env["PATH"],
      MAYDAY_DATA_DIR: proxyData.path,
      SYMBOLS_PORT: String(port),
      SYMBOLS_BUILDERS: "0",
      SYMBOLS_PROXY: "1",
      SYMBOL_SOURCES: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
      LOG_FILE: join(proxyData.path, "log"),
    },
    stdio: "ignore",
  });
  await eventually("a symbols service", async () => {
    const answer = await fetch(`${proxyUrl}/__lbheartbeat__`).catch(() => undefined);
    return answer?.ok || undefined;
  });
  pipeline = await startPipeline(data.path, { SYMBOL_SOURCES: proxyUrl });
}, 120_000);
afterAll(async () => {
  await pipeline?.end("SIGTERM");
  proxy?.kill();
  if (proxy?.exitCode === null && proxy.signalCode === null) await once(proxy, "exit");
  upstream.close();
  await Promise.all([data.remove(), proxyData.remove()]);
});

describe("a pipeline that asks one symbols service alone", () => {
  it("walks with symbols of the servers behind it, which are asked once and needed no more", async () => {
    const { text } = await postForm(pipeline.collector, demoAnnotations(), {
      upload_file_minidump: demoDump(),
    });
    const crash = await processedCrash(pipeline.webapp, crashIdIn(text));
    expect(crash["signature"]).toBe("teapot::Texture::index_of");
    for (const path of files.keys()) expect(asked.filter((one) => one === path)).toHaveLength(1);
    upstream.close();
    upstream.closeAllConnections();
    for (const [path, file] of files) {
      const answer = await fetch(proxyUrl + path);
      expect(Buffer.from(await answer.arrayBuffer()).equals(file)).toBe(true);
    }
  });
});
