import { existsSync, readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openService } from "../test-support/open-service.ts";
import { uploadArchive } from "../test-support/upload.ts";
import { type ZipMember, zipOf } from "../test-support/zip.ts";
import { clearAbandoned } from "./form.ts";

const { service, folder } = await openService({
  SYMBOLS_TOKENS: "KEY:upload_symbols:owner@example.com",
  SYMBOLS_UPLOAD_MB: "8",
  SYMBOLS_UPLOAD_TEXT_MB: "8",
  SYMBOLS_UPLOAD_MEMBERS: "1000",
});
const MB = 1024 ** 2;
const ID = "000102030405060708090A0B0C0D0E0F0";
const good: ZipMember = { name: `a/${ID}/a.sym`, content: Buffer.from(`MODULE Linux x86_64 ${ID} a\n`) };
const sym = (name: string, content: Uint8Array) => ({ name: `${name}/${ID}/${name}.sym`, content });
/** Text that deflate makes two or three times as short. */
const text = (bytes: number) => {
  let seed = 1;
  return Buffer.from(
    Array.from({ length: bytes }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return 0x30 + (seed % 10);
    }),
  );
};

/** Whether nothing of an upload lies anywhere: neither what was on its way nor a symbol file. */
function isNothingLeft(): boolean {
  const isEmpty = (path: string) => !existsSync(path) || readdirSync(path).length === 0;
  return isEmpty(join(folder, "uploads")) && isEmpty(join(folder, "symbols", "v1"));
}

describe("an archive that is meant to do harm", () => {
  it.each<[string, readonly ZipMember[], RegExp]>([
    ["a bomb", [good, sym("zeros", Buffer.alloc(12 * MB))], /more than 200 times as long as in the archive/],
    [
      "many members that are too much together",
      Array.from({ length: 3 }, (_, index) => sym(`t${index}`, text(3 * MB))),
      /The members together are longer than 8388608 bytes/,
    ],
    [
      "members that share their bytes",
      [good, { ...good, name: `b/${ID}/b.sym`, sameAs: 0 }],
      /overlap in the archive/,
    ],
    [
      "a size that is too small",
      [{ ...good, lies: { size: 3 } }],
      /cannot be read|is longer than the archive says/,
    ],
    [
      "a size that is too large",
      [{ ...good, lies: { size: 99 } }],
      /cannot be read|is shorter than the archive says/,
    ],
    [
      "a name that leads out",
      [good, { ...good, name: `../../${ID}/a.sym` }],
      /First unrecognized pattern was '\.\.\/\.\./,
    ],
    ["an absolute name", [good, { ...good, name: `/a/${ID}/a.sym` }], /First unrecognized pattern was '\/a/],
    [
      "a part that is ..",
      [good, { ...good, name: `../${ID}/a.sym` }],
      /First unrecognized pattern was '\.\.\//,
    ],
    [
      "a name with NUL",
      [good, { ...good, name: `a\0/${ID}/a.sym` }],
      /First unrecognized pattern was 'a\\x00/,
    ],
    [
      "too many members",
      Array.from({ length: 1001 }, (_, index) => sym(`m${index}`, Buffer.from("x"))),
      /more than 1000 members/,
    ],
    ["an encrypted member", [{ ...good, lies: { flags: 1 } }], /is encrypted/],
    ["an unknown compression", [{ ...good, lies: { method: 99 } }], /compressed by method 99/],
    ["bytes that are damaged", [{ ...good, lies: { crc: 1 } }], /Bad CRC-32 for file 'a\//],
  ])("is refused for %s, and nothing of it is kept", async (_what, members, words) => {
    const { status, answer } = await uploadArchive(service, zipOf(members));
    expect([status, answer.error]).toEqual([400, expect.stringMatching(words)]);
    expect(isNothingLeft()).toBe(true);
  });

  it("is refused when it is cut", async () => {
    const whole = zipOf([good]);
    for (const length of [0, 10, whole.length / 2, whole.length - 10]) {
      const { status, answer } = await uploadArchive(service, whole.subarray(0, length));
      expect([status, answer.error]).toEqual([400, "File is not a zip file"]);
    }
    expect(isNothingLeft()).toBe(true);
  });

  it("is refused when it is too large, before all of it has come", async () => {
    const { status } = await uploadArchive(service, Buffer.alloc(9 * MB));
    expect(status).toBe(413);
    expect(isNothingLeft()).toBe(true);
  });

  it("does not keep others from uploading", async () => {
    const bomb = zipOf([sym("zeros", Buffer.alloc(12 * MB))]);
    const [bad, fine] = await Promise.all([
      uploadArchive(service, bomb),
      uploadArchive(service, zipOf([{ ...good, name: `c/${ID}/c.sym` }])),
    ]);
    expect([bad.status, fine.status]).toEqual([400, 201]);
    expect((await service.inject(`/c/${ID}/c.sym`)).statusCode).toBe(200);
  });
});

describe("what a killed service left of uploads", () => {
  it("is removed when it is old, and what may still be coming in is not", async () => {
    const left = join(folder, "uploads", "upload-left");
    await mkdir(left, { recursive: true });
    await clearAbandoned(join(folder, "uploads"));
    expect(existsSync(left)).toBe(true);
    await clearAbandoned(join(folder, "uploads"), Date.now() + 7 * 3600_000);
    expect(existsSync(left)).toBe(false);
  });
});
