import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { S3_CREDENTIALS } from "../test-support/servers.ts";
import { openS3ObjectStore } from "./index.ts";

/** What the server answers to all. */
let answer: { status: number; code?: string; headers?: Record<string, string>; more?: string } | "nothing";
let server: Server;
beforeAll(async () => {
  Object.assign(process.env, S3_CREDENTIALS);
  server = createServer((request, response) => {
    request.resume();
    if (answer === "nothing") return;
    const { status, code, headers, more = "" } = answer;
    response.writeHead(status, { "content-type": "application/xml", ...headers });
    if (code === undefined || request.method === "HEAD") response.end();
    else response.end(`<Error><Code>${code}</Code><Message>as it says</Message>${more}</Error>`);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = (endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`) =>
  openS3ObjectStore({ bucket: "crashes", region: "us-east-1", endpoint, patience: "page" });

const detailOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing is wrong",
    (error: Error) => error.message,
  );

describe("an S3 store that is not well", () => {
  it.each<[string, typeof answer, string]>([
    ["no bucket", { status: 404, code: "NoSuchBucket" }, "there is no bucket crashes"],
    [
      "no permission",
      { status: 403, code: "AccessDenied" },
      "access denied: the credentials need s3:ListBucket on the bucket crashes",
    ],
    ["an unknown key", { status: 403, code: "InvalidAccessKeyId" }, "the access key is not known there"],
    ["a wrong secret", { status: 403, code: "SignatureDoesNotMatch" }, "the secret key is another one"],
    [
      "another region",
      { status: 400, code: "AuthorizationHeaderMalformed", more: "<Region>eu-west-3</Region>" },
      "wrong region: the bucket crashes is in eu-west-3, not in us-east-1",
    ],
    [
      "a clock that is off",
      {
        status: 403,
        code: "RequestTimeTooSkewed",
        more: "<RequestTime>20260820T101500Z</RequestTime><ServerTime>2026-08-20T10:00:00Z</ServerTime>",
      },
      "this machine's clock is off by 900 s: it is ahead",
    ],
    ["a gateway's page", { status: 502 }, "the server answered 502"],
  ])("says so: %s", async (_what, given, words) => {
    answer = given;
    const detail = await detailOf(open().check());
    expect(detail).toContain(words);
    expect(detail).not.toMatch(/unknown/i);
  });

  it("names the permission that the request needs, where the answer has no body", async () => {
    answer = { status: 403 };
    expect(await detailOf(open().info("v1/a"))).toContain("need s3:GetObject on the bucket crashes");
  });

  it("says where it cannot connect to", async () => {
    const detail = await detailOf(open("http://127.0.0.1:9").check());
    expect(detail).toContain("cannot connect to 127.0.0.1:9: nobody listens there (ECONNREFUSED)");
  });

  it("is given up within seconds where a page waits and it does not answer", async () => {
    answer = "nothing";
    const started = performance.now();
    expect(await detailOf(open().check())).toContain("no answer in time");
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
