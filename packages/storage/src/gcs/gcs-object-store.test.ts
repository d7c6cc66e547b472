import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { objectStoreConformance } from "../conformance.ts";
import { remoteStoreConformance } from "../test-support/remote-conformance.ts";
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

function freshBucket(endpoint = server.endpoint) {
  const bucket = `bucket-${buckets++}`;
  mkdirSync(join(folder, bucket));
  return openGcsObjectStore({ bucket, endpoint });
}

describe.skipIf(program === undefined)("on fake-gcs-server (needs it)", () => {
  objectStoreConformance("gcs", {
    open: async () => freshBucket(),
    openNowhere: async () => openGcsObjectStore({ bucket: "no-such-bucket", endpoint: server.endpoint }),
  });
  remoteStoreConformance(() => server.endpoint, freshBucket);
});
