import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { objectStoreConformance } from "../conformance.ts";
import { type StoreServer, serverProgram, startGcsServer } from "../test-support/servers.ts";
import { openGcsObjectStore } from "./index.ts";

const program = serverProgram("fake-gcs-server");
let folder = "";
let server: StoreServer;
let buckets = 0;

beforeAll(async () => {
  if (program === undefined) return;
  folder = await mkdtemp(join(tmpdir(), "mayday-gcs-"));
  server = await startGcsServer(program, folder);
});
afterAll(async () => {
  await server?.stop();
  if (folder !== "") await rm(folder, { recursive: true, force: true });
});

const open = (bucket: string) => openGcsObjectStore({ bucket, endpoint: server.endpoint });
function freshBucket() {
  const bucket = `bucket-${buckets++}`;
  mkdirSync(join(folder, bucket));
  return open(bucket);
}

describe.skipIf(program === undefined)(
  "on fake-gcs-server (needs it: npm run conformance -- storage)",
  () => {
    objectStoreConformance("gcs", async () => freshBucket());

    it("lists more objects than one page holds", async () => {
      const store = freshBucket();
      const groups = Array.from({ length: 1100 }, (_, index) => [
        { key: `v1/many/${index}`, bytes: Buffer.from("x") },
      ]);
      await store.putGroups(groups);
      expect(await Array.fromAsync(store.list("v1/many/"))).toHaveLength(1100);
    });

    it("says that the store is unavailable when its bucket is not there", async () => {
      const none = open("no-such-bucket");
      await expect(none.get("v1/a")).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
      await expect(none.check()).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    });
  },
);
