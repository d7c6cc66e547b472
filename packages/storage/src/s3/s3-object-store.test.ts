import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { objectStoreConformance } from "../conformance.ts";
import { S3_CREDENTIALS, type StoreServer, serverProgram, startS3Server } from "../test-support/servers.ts";
import { openS3ObjectStore } from "./index.ts";

const program = serverProgram("versitygw");
let folder = "";
let server: StoreServer;
let buckets = 0;

beforeAll(async () => {
  if (program === undefined) return;
  Object.assign(process.env, S3_CREDENTIALS);
  folder = await mkdtemp(join(tmpdir(), "mayday-s3-"));
  server = await startS3Server(program, folder);
});
afterAll(async () => {
  await server?.stop();
  if (folder !== "") await rm(folder, { recursive: true, force: true });
});

const open = (bucket: string) =>
  openS3ObjectStore({ bucket, region: "us-east-1", endpoint: server.endpoint });
function freshBucket() {
  const bucket = `bucket-${buckets++}`;
  mkdirSync(join(folder, bucket));
  return open(bucket);
}

describe.skipIf(program === undefined)("on versitygw (needs it: npm run conformance -- storage)", () => {
  objectStoreConformance("s3", async () => freshBucket());

  it("lists more objects than one page holds", async () => {
    const store = freshBucket();
    const groups = Array.from({ length: 1100 }, (_, index) => [
      { key: `v1/many/${index}`, bytes: Buffer.from("x") },
    ]);
    await store.putGroups(groups);
    expect(await Array.fromAsync(store.list("v1/many/"))).toHaveLength(1100);
  });

  it("refuses an object that changed on its way or on the store's disk", async () => {
    const store = freshBucket();
    await store.put("v1/a", Buffer.from("as it was stored"));
    writeFileSync(join(folder, `bucket-${buckets - 1}`, "v1/a"), "as it was stOred");
    await expect(store.get("v1/a")).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  });

  it("says that the store is unavailable when its bucket is not there, or its server", async () => {
    const none = open("no-such-bucket");
    await expect(none.get("v1/a")).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    await expect(none.check()).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    const away = openS3ObjectStore({ bucket: "x", region: "us-east-1", endpoint: "http://127.0.0.1:9" });
    await expect(away.put("v1/a", Buffer.from("x"))).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  });
});
