import { createHash, randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { brotliCompressSync, deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { CrashId } from "@mayday/crash";
import type { StoredReport } from "@mayday/storage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CollectorStand, openStand } from "./test-support/stand.ts";

const MIB = 1024 * 1024;
const BOUNDARY = "b1";
const limits = { maxBodyBytes: 20 * MIB, maxInflatedBytes: 20 * MIB, maxPingBytes: 1000 };
const headers = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };

let stand: CollectorStand;
let url: string;
beforeAll(async () => {
  stand = await openStand();
  url = `${await stand.start({ limits }, 20_000)}/submit`;
});
afterAll(() => stand.close());

const part = (name: string, content: Buffer | string, more = "") =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
const file = (name: string, content: Buffer) => part(name, content, `; filename="${name}"`);
const form = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
const dumpOf = (bytes: number) => Buffer.concat([Buffer.from("MDMP"), randomBytes(bytes)]);
const about = [part("ProductName", "Firefox"), part("Version", "150.0"), part("ReleaseChannel", "nightly")];

/** Sends a body in chunks, without a length. */
function submit(body: Buffer, more: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((done, failed) => {
    const sent = httpRequest(url, { method: "POST", headers: { ...headers, ...more } }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => done({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", failed);
    for (let at = 0; at < body.length; at += 300_001) sent.write(body.subarray(at, at + 300_001));
    sent.end();
  });
}

async function kept(body: Buffer, more: Record<string, string> = {}) {
  const { status, text } = await submit(body, more);
  expect(text).toMatch(/^CrashID=bp-/);
  expect(status).toBe(200);
  return stand.stored(text.slice("CrashID=bp-".length).trim() as CrashId);
}

/** Not toEqual: of megabytes it takes seconds. */
const isSame = ({ dumps }: StoredReport, name: string, bytes: Buffer) => bytes.equals(dumps.get(name)!);

describe("a body that is larger than memory", () => {
  it("is kept as a small one is: every byte of its files, their digests, the annotations", async () => {
    const [dump, log, small] = [dumpOf(9 * MIB), randomBytes(5 * MIB), dumpOf(1000)];
    // A boundary that begins alike is content.
    dump.write(`\r\n--${BOUNDARY}9\r\n`, 3 * MIB);
    const body = form(
      file("upload_file_minidump", dump),
      ...about,
      file("log", log),
      file("upload_file_minidump_browser", small),
    );
    const report = await kept(body);
    expect(isSame(report, "upload_file_minidump", dump)).toBe(true);
    expect(isSame(report, "log", log)).toBe(true);
    expect(isSame(report, "upload_file_minidump_browser", small)).toBe(true);
    expect(report.raw).toMatchObject({ ProductName: "Firefox", Version: "150.0" });
    expect(report.raw.metadata).toMatchObject({ payload_size: body.length, collector_notes: [] });
    expect(report.raw.metadata.dump_checksums).toEqual(
      Object.fromEntries(
        Object.entries({ upload_file_minidump: dump, log, upload_file_minidump_browser: small }).map(
          ([name, bytes]) => [name, createHash("sha256").update(bytes).digest("hex")],
        ),
      ),
    );
  });

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateRawSync],
    ["br", (bytes: Buffer) => brotliCompressSync(bytes, { params: { 1: 1 } })],
    ["zstd", zstdCompressSync],
  ])("is decoded while it arrives: %s", async (coding, encode) => {
    const dump = dumpOf(2 * MIB);
    const report = await kept(encode(form(...about, file("upload_file_minidump", dump))), {
      "content-encoding": coding,
    });
    expect(isSame(report, "upload_file_minidump", dump)).toBe(true);
  });

  it("may be small before it is decompressed", async () => {
    const dump = Buffer.concat([Buffer.from("MDMP"), Buffer.alloc(8 * MIB, "ab")]);
    const body = gzipSync(form(...about, file("upload_file_minidump", dump)));
    expect(body.length).toBeLessThan(90_000);
    const report = await kept(body, { "content-encoding": "gzip" });
    expect(isSame(report, "upload_file_minidump", dump)).toBe(true);
  });

  it.each<[string, Buffer, Record<string, string>, number]>([
    ["over the limit", form(...about, file("upload_file_minidump", dumpOf(21 * MIB))), {}, 413],
    [
      "over the limit when decompressed",
      gzipSync(form(...about, file("upload_file_minidump", Buffer.alloc(21 * MIB)))),
      { "content-encoding": "gzip" },
      413,
    ],
    ["of broken gzip", randomBytes(2 * MIB), { "content-encoding": "gzip" }, 400],
    ["cut off", form(...about, file("upload_file_minidump", dumpOf(2 * MIB))).subarray(0, -9), {}, 400],
    ["of nothing but boundaries", Buffer.alloc(2 * MIB, `\r\n--${BOUNDARY}\r\n`), {}, 400],
    ["of one large text", form(...about, part("Notes", "a".repeat(2 * MIB))), {}, 413],
    [
      "whose large file is encoded once more",
      form(
        ...about,
        Buffer.concat([
          Buffer.from(
            `--${BOUNDARY}\r\nContent-Disposition: form-data; name="log"; filename="log"\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
          ),
          Buffer.from(randomBytes(2 * MIB).toString("base64")),
          Buffer.from("\r\n"),
        ]),
      ),
      {},
      413,
    ],
  ])("%s is refused, and nothing is dropped in silence", async (_what, body, more, status) => {
    expect((await submit(body, more)).status).toBe(status);
  });

  it("is refused for a while when storage does not take it, and nothing of it stays", async () => {
    const away = { ...stand.store, putStream: () => Promise.reject(new Error("away")) };
    const before = await Array.fromAsync(stand.store.list("v1/raw_crash/"));
    url = `${await stand.start({ limits, store: away }, 20_000)}/submit`;
    expect((await submit(form(...about, file("upload_file_minidump", dumpOf(MIB))))).status).toBe(503);
    expect(await Array.fromAsync(stand.store.list("v1/raw_crash/"))).toHaveLength(before.length);
  });
});
