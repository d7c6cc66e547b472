import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { archiveForm } from "../../services/symbols/src/test-support/upload.ts";
import { zipOf } from "../../services/symbols/src/test-support/zip.ts";
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

const data = await dataFolder();
let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline(data.path, {
    SYMBOL_SOURCES: "",
    SYMBOLS_TOKENS: "KEY:upload_symbols:owner@example.com",
  });
}, 90_000);
afterAll(async () => {
  await pipeline?.end("SIGTERM");
  await data.remove();
});

const TEAPOT = "teapot/2FB0B04480C9E128E8269805C17188E90/teapot.sym";
const LIBC = "libc.so.6/EC61AC938E5A39B16F9FBD350E3169A50/libc.so.6.sym";
const SIGNATURE = "teapot::Texture::index_of";

const archive = () =>
  zipOf([
    { name: TEAPOT, content: readFileSync(join(demoSymbols, TEAPOT)) },
    { name: LIBC, content: gunzipSync(readFileSync(join(demoSymbols, `${LIBC}.gz`))) },
  ]);

async function uploadSymbols(): Promise<number> {
  const { type, body } = archiveForm(archive());
  const headers = { "content-type": type, "auth-token": "KEY" };
  const answer = await fetch(`${pipeline.symbols}/upload/`, { method: "POST", headers, body });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { upload: { id: number } }).upload.id;
}

async function uploadRecord(id: number): Promise<any> {
  const headers = { "auth-token": "KEY" };
  const answer = await fetch(`${pipeline.symbols}/api/uploads/upload/${id}`, { headers });
  return ((await answer.json()) as any).upload;
}

const healingOf = (id: number) =>
  eventually(`the healing of upload ${id}`, async () => {
    const { healing } = await uploadRecord(id);
    return healing?.is_over ? healing : undefined;
  });

async function submitted(): Promise<string> {
  const { text } = await postForm(pipeline.collector, demoAnnotations(), {
    upload_file_minidump: demoDump(),
  });
  return crashIdIn(text);
}

const search = async (query: string): Promise<any> =>
  (await fetch(`${pipeline.webapp}/api/SuperSearch/?${query}`)).json();

const missingModules = async (): Promise<any[]> =>
  ((await (await fetch(`${pipeline.symbols}/api/missing/`)).json()) as any).modules;

/** Of the demo crash, as a walker with all symbols made it. */
const expected = JSON.parse(readFileSync(join(repository, "fixtures/demo/expected.json"), "utf8"));

const framesOf = (crash: Record<string, any>): any[] =>
  crash["json_dump"].threads[crash["json_dump"].crashing_thread.threads_index].frames;
const wholeStack = framesOf({ json_dump: expected }).map((frame) => frame.function);

describe("crashes whose symbols come later", () => {
  it("show their whole stack and new signature within a minute, and what they were before", async () => {
    const ids = [await submitted(), await submitted()];
    const before = await Promise.all(ids.map((id) => processedCrash(pipeline.webapp, id)));
    expect(framesOf(before[0]!).some((frame) => frame.function !== null)).toBe(false);
    expect(before[0]!["signature"]).not.toContain("teapot::");
    await eventually("the crashes in the index", async () =>
      (await search("missing_symbols=~teapot")).total === 2 ? true : undefined,
    );

    await eventually("the modules among the missing ones", async () =>
      (await missingModules()).some(
        (module) => module.debug_file === "teapot" && module.products?.["Teapot"] === 2,
      )
        ? true
        : undefined,
    );

    const uploadId = await uploadSymbols();
    const after = await Promise.all(
      ids.map((id) =>
        eventually(`crash ${id} with its stack`, async () => {
          const crash = await processedCrash(pipeline.webapp, id);
          return crash["signature"] === SIGNATURE ? crash : undefined;
        }),
      ),
    );
    for (const [index, crash] of after.entries()) {
      expect(framesOf(crash).map((frame) => frame.function)).toEqual(wholeStack);
      // Both files of the upload are in it: it was walked once for all that came.
      expect(crash["missing_symbols"] ?? "").not.toMatch(/teapot|libc\.so\.6/);
      expect(crash["processing_history"]).toMatchObject([
        { why: "symbols", signature: SIGNATURE },
        { why: "live", signature: before[index]!["signature"] },
      ]);
      expect(crash["processing_history"]).toHaveLength(2);
    }
    await eventually("the new signature in the index", async () =>
      (await search(`signature==${encodeURIComponent(SIGNATURE)}`)).total === 2 ? true : undefined,
    );

    const frames = 2 * wholeStack.length;
    expect(await healingOf(uploadId)).toEqual({
      crashes: 2,
      healed: 2,
      signatures_changed: 2,
      is_over: true,
      frames: { before: { frames: expect.any(Number), named: 0 }, after: { frames, named: frames } },
      changes: [{ before: before[0]!["signature"], after: SIGNATURE, crashes: 2 }],
      text: "healed 2 crashes, 2 signatures changed",
    });
    await eventually("it on the page of symbols", async () => {
      const page = await (await fetch(`${pipeline.webapp}/symbols/`)).text();
      return page.includes("0 % before, <b>100 %</b> after") || undefined;
    });
  }, 120_000);

  it("are left in peace when the same files are uploaded once more", async () => {
    const uploadId = await uploadSymbols();
    const { skipped_keys, healing } = await uploadRecord(uploadId);
    expect(skipped_keys).toHaveLength(2);
    expect(healing).toBeUndefined();
  });
});
