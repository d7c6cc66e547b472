import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crashIdIn, dataFolder, type Pipeline, processedCrash, startPipeline } from "./pipeline.ts";
import { demoAnnotations, demoDump, postBytes, postForm } from "./submit.ts";

const data = await dataFolder();
let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline(data.path);
}, 90_000);
afterAll(async () => {
  await pipeline.end("SIGTERM");
  await data.remove();
});

const multipart = { "content-type": "multipart/form-data; boundary=b1" };
const part = (name: string, content: string) =>
  `--b1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;
const form = Buffer.from(`${part("ProductName", "Teapot")}--b1--\r\n`);
const extra = (json: string) =>
  Buffer.from(
    `--b1\r\nContent-Disposition: form-data; name="extra"; filename="extra.json"\r\n` +
      `Content-Type: application/json\r\n\r\n${json}\r\n--b1--\r\n`,
  );

describe("a bad report", () => {
  it.each<[string, Uint8Array, Record<string, string>, string]>([
    ["no content type", form, {}, "no_content_type"],
    ["a wrong content type", form, { "content-type": "text/plain" }, "wrong_content_type"],
    ["a content type that is none", form, { "content-type": "junk" }, "wrong_content_type"],
    ["no boundary", form, { "content-type": "multipart/form-data" }, "no_boundary"],
    [
      "a wrong boundary",
      form,
      { "content-type": "multipart/form-data; boundary=b2" },
      "invalid_payload_structure",
    ],
    ["an empty body", Buffer.alloc(0), multipart, "no_content_length"],
    ["junk", randomBytes(5000), multipart, "invalid_payload_structure"],
    ["broken gzip", randomBytes(5000), { ...multipart, "content-encoding": "gzip" }, "bad_gzip"],
    ["junk JSON", extra("{junk"), multipart, "invalid_json"],
    ["JSON that is no object", extra('"x"'), multipart, "invalid_json_value"],
  ])("with %s is answered 400 with the reason", async (_what, body, headers, reason) => {
    const answer = await postBytes(`${pipeline.collector}/submit`, body, headers);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(new RegExp(`^Discarded=malformed_${reason}\\n[^\\n]+\\n$`));
  });

  it("that is a gzip bomb is answered 413", async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024));
    const headers = { ...multipart, "content-encoding": "gzip" };
    expect((await postBytes(`${pipeline.collector}/submit`, bomb, headers)).status).toBe(413);
  });

  it("with a body over the limit is answered 413", async () => {
    const body = Buffer.concat([form, Buffer.alloc(25 * 1024 * 1024)]);
    const answer = await postBytes(`${pipeline.collector}/submit`, body, multipart);
    expect(answer.status).toBe(413);
  });

  it("by another method or to another path is told so", async () => {
    expect((await fetch(`${pipeline.collector}/submit`)).status).toBe(405);
    expect((await fetch(`${pipeline.collector}/other`, { method: "POST" })).status).toBe(404);
  });
});

describe("a report with a bad dump", () => {
  it.each([
    ["random bytes", randomBytes(20_000), "HeaderMismatch"],
    ["nothing", Buffer.alloc(0), "EmptyMinidump"],
    ["the first quarter of a dump", demoDump().subarray(0, 12_000), undefined],
  ])("of %s still becomes a processed crash with a note", async (_what, dump, status) => {
    const { text } = await postForm(pipeline.collector, demoAnnotations(), { upload_file_minidump: dump });
    const processed = await processedCrash(pipeline.webapp, crashIdIn(text));
    expect(processed).toMatchObject({ product: "Teapot", version: "1.4.0" });
    if (status !== undefined) expect(processed["mdsw_status_string"]).toBe(status);
    expect(processed["processor_notes"].split("\n").length).toBeGreaterThan(1);
    expect(processed["signature"]).toMatch(/^EMPTY/);
  });

  it("or none at all still becomes a processed crash", async () => {
    const { text } = await postForm(pipeline.collector, { ProductName: "Teapot" });
    const processed = await processedCrash(pipeline.webapp, crashIdIn(text));
    expect(processed["processor_notes"]).toContain("no frame data for crashing thread");
  });
});

describe("after all that", () => {
  it("the pipeline works", async () => {
    const { text } = await postForm(pipeline.collector, demoAnnotations(), {
      upload_file_minidump: demoDump(),
    });
    const processed = await processedCrash(pipeline.webapp, crashIdIn(text));
    expect(processed["mdsw_status_string"]).toBe("OK");
    for (const url of [pipeline.collector, pipeline.symbols, pipeline.webapp]) {
      expect((await fetch(`${url}/__heartbeat__`)).status).toBe(200);
    }
  });
});
