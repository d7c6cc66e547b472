import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { objectStoreConformance } from "../conformance.ts";
import { remoteStoreConformance } from "../test-support/remote-conformance.ts";
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

const open = (bucket: string, endpoint = server.endpoint) =>
  openS3ObjectStore({ bucket, region: "us-east-1", endpoint });
function freshBucket(endpoint?: string) {
  const bucket = `bucket-${buckets++}`;
  mkdirSync(join(folder, bucket));
  return open(bucket, endpoint);
}

describe.skipIf(program === undefined)("on versitygw (needs it)", () => {
  objectStoreConformance("s3", {
    open: async () => freshBucket(),
    openNowhere: async () => open("no-such-bucket"),
  });
  remoteStoreConformance(() => server.endpoint, freshBucket);

  it("refuses an object that changed on the store's disk", async () => {
    const store = freshBucket();
    await store.put("v1/a", Buffer.from("as it was stored"));
    writeFileSync(join(folder, `bucket-${buckets - 1}`, "v1/a"), "as it was stOred");
    await expect(store.get("v1/a")).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  });
});
