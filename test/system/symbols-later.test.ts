import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  crashIdIn,
  dataFolder,
  eventually,
  type Pipeline,
  processedCrash,
  startPipeline,
} from "./pipeline.ts";
import { demoAnnotations, demoDump, demoSymbols, postForm } from "./submit.ts";

const TEAPOT = "/teapot/2FB0B04480C9E128E8269805C17188E90/teapot.sym";
const LIBC = "/libc.so.6/EC61AC938E5A39B16F9FBD350E3169A50/libc.so.6.sym";

/** A symbol server that gets its files one day. */
const files = new Map<string, Buffer>();
const server = createServer((request, response) => {
  const file = files.get(request.url?.split("?")[0] ?? "");
  response.writeHead(file === undefined ? 404 : 200).end(file);
});

const data = await dataFolder();
let pipeline: Pipeline;
beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  pipeline = await startPipeline(data.path, {
    SYMBOL_SOURCES: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    SCHEDULER_MISSING_AFTER_MS: "1000",
  });
}, 90_000);
afterAll(async () => {
  await pipeline?.end("SIGTERM");
  server.close();
  await data.remove();
});

describe("a crash whose symbols a server has later", () => {
  it("is healed with nothing else touched", async () => {
    const { text } = await postForm(pipeline.collector, demoAnnotations(), {
      upload_file_minidump: demoDump(),
    });
    const id = crashIdIn(text);
    const before = await processedCrash(pipeline.webapp, id);
    expect(before["signature"]).not.toContain("teapot::");
    files.set(TEAPOT, readFileSync(join(demoSymbols, TEAPOT)));
    files.set(LIBC, gunzipSync(readFileSync(join(demoSymbols, `${LIBC}.gz`))));
    const after = await eventually(
      "the crash with its stack",
      async () => {
        const crash = await processedCrash(pipeline.webapp, id);
        return crash["signature"] === "teapot::Texture::index_of" ? crash : undefined;
      },
      90_000,
    );
    expect(after["processing_history"][0]).toMatchObject({ why: "symbols" });
  }, 120_000);
});
