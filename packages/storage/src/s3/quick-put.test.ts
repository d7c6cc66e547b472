import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  S3_BUCKET,
  S3_CREDENTIALS,
  type StoreServer,
  serverProgram,
  startS3Server,
} from "../test-support/servers.ts";
import { openS3ObjectStore } from "./index.ts";
import { quickPut } from "./quick-put.ts";

const program = serverProgram("versitygw");
const bytes = Buffer.from("x");

function putsOf(endpoint: string | undefined, bySdk: (key: string) => Promise<void>, bucket = S3_BUCKET) {
  const region = "us-east-1";
  const credentials = { accessKeyId: S3_CREDENTIALS.AWS_ACCESS_KEY_ID, secretAccessKey: "mayday-secret" };
  const place = endpoint === undefined ? {} : { endpoint };
  const client = new S3Client({ region, credentials, forcePathStyle: endpoint !== undefined, ...place });
  return { client, put: quickPut(client, { bucket, region, ...place }, bySdk) };
}

describe.skipIf(program === undefined)("on versitygw (needs it: npm run conformance -- storage)", () => {
  let folder = "";
  let server: StoreServer;
  beforeAll(async () => {
    if (program === undefined) return;
    folder = await mkdtemp(join(tmpdir(), "mayday-quick-"));
    server = await startS3Server(program, folder);
  });
  afterAll(async () => {
    await server?.stop();
    if (folder !== "") await rm(folder, { recursive: true, force: true });
  });

  it("an object is put without the SDK's help, whatever its key and size", async () => {
    const { put } = putsOf(server.endpoint, () => Promise.reject(new Error("not needed")));
    const store = openS3ObjectStore({ bucket: S3_BUCKET, region: "us-east-1", endpoint: server.endpoint });
    Object.assign(process.env, S3_CREDENTIALS);
    for (const [key, size] of [
      ["v1/my app+(1)!'*~,;=@$&/ü☃ 100%25.pdb/a?b#c", 10],
      ["v1/empty", 0],
      ["v1/large", 5_000_000],
    ] as const) {
      await put(key, Buffer.alloc(size, "x"));
      expect(await store.get(key)).toEqual(Buffer.alloc(size, "x"));
    }
  });

  it("what is refused is left to the SDK", async () => {
    const left: string[] = [];
    const { put } = putsOf(server.endpoint, async (key) => void left.push(key), "no-such-bucket");
    await put("v1/a", bytes);
    expect(left).toEqual(["v1/a"]);
  });
});

describe("a store that refuses what is put quickly", () => {
  /** Puts 20 times to a server that always refuses; how often it was asked, and the SDK's way taken. */
  async function putOften(status: number, bySdk: () => Promise<void>) {
    const counts = { asked: 0, left: 0 };
    const server = createServer((request, response) => {
      counts.asked++;
      request.resume().on("end", () => response.writeHead(status).end());
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { put, client } = putsOf(endpoint, () => {
      counts.left++;
      return bySdk();
    });
    for (let i = 0; i < 20; i++) await put("v1/a", bytes).catch(() => undefined);
    client.destroy();
    server.close();
    return counts;
  }

  it("and takes it from the SDK is asked by the SDK alone for a while", async () => {
    expect(await putOften(403, async () => undefined)).toEqual({ asked: 8, left: 20 });
  });

  it("and takes nothing from the SDK either is away, and asked both ways until it is back", async () => {
    const counts = await putOften(503, () => Promise.reject(new Error("away")));
    expect(counts).toEqual({ asked: 20, left: 20 });
  });
});
