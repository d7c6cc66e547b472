import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gcsWords } from "./gcs-words.ts";
import { openGcsObjectStore } from "./index.ts";

/** The status the server answers to all; undefined where it does not answer. */
let status: number | undefined;
let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    if (status === undefined) return;
    const error = { code: status, message: "as it says", errors: [{ reason: "x", message: "as it says" }] };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const check = (endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`) =>
  openGcsObjectStore({ bucket: "crashes", endpoint, patience: "page" })
    .check()
    .then(
      () => "nothing is wrong",
      (error: Error) => error.message,
    );

describe("a GCS store that is not well", () => {
  it.each([
    [404, "there is no bucket crashes"],
    [403, "access denied: the credentials need storage.objects.list on the bucket crashes"],
    [401, "the credentials are not accepted"],
  ])("that answers %i says so: %s", async (given, words) => {
    status = given;
    expect(await check()).toContain(words);
  });

  it("says where it cannot connect to", async () => {
    expect(await check("http://127.0.0.1:9")).toContain("cannot connect to 127.0.0.1:9");
  });

  it("is given up within seconds where a page waits and it does not answer", async () => {
    status = undefined;
    const started = performance.now();
    expect(await check()).not.toBe("nothing is wrong");
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("without credentials says what to set", () => {
    const error = new Error("Could not load the default credentials. Browse to …");
    expect(gcsWords(error, { bucket: "crashes" }, "x")).toContain("GOOGLE_APPLICATION_CREDENTIALS");
  });
});
