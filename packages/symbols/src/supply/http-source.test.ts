import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { DEBUG_ID } from "../test-support/sym-text.ts";
import { httpSource } from "./http-source.ts";
import { inflated } from "./inflate.ts";

const TEXT = `MODULE Linux x86_64 ${DEBUG_ID} app\n`;

/** What the server does with the next requests, one after the other; the last one for all that follow. */
let answers: ((request: IncomingMessage, response: ServerResponse) => void)[] = [];
let requests: string[] = [];

const server = createServer((request, response) => {
  requests.push(`${request.method} ${request.url}`);
  const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
  answer(request, response);
});
await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => server.close());
beforeEach(() => {
  requests = [];
});

const path = { debugFile: "my app.pdb", debugId: DEBUG_ID, symbolFile: "my app.sym" };
const place = `/my%20app.pdb/${DEBUG_ID}/my%20app.sym`;

function status(code: number, body: string | Buffer = "", headers: Record<string, string> = {}) {
  return (_: IncomingMessage, response: ServerResponse) => response.writeHead(code, headers).end(body);
}

async function fetched(code: { codeFile?: string; codeId?: string } = {}, base = address) {
  const found = await httpSource(base).find(path, code);
  if (found === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of inflated(found.bytes)) chunks.push(chunk);
  return { text: Buffer.concat(chunks).toString(), url: found.url };
}

describe("a symbol server", () => {
  it("is asked for debug file, debug id and symbol file", async () => {
    answers = [status(200, TEXT)];
    expect(await fetched()).toEqual({ text: TEXT, url: `${address}${place}` });
    expect(requests).toEqual([`GET ${place}`]);
  });

  it("is told the code file and its id, which are no part of the file's address", async () => {
    answers = [status(200, TEXT)];
    expect((await fetched({ codeFile: "my app.exe", codeId: "ABC" }))?.url).toBe(`${address}${place}`);
    expect(requests).toEqual([`GET ${place}?code_file=my+app.exe&code_id=ABC`]);
  });

  it("may have a path, with and without a slash behind it", async () => {
    answers = [status(200, TEXT)];
    await fetched({}, `${address}/symbols`);
    await fetched({}, `${address}/symbols//`);
    expect(requests).toEqual([`GET /symbols${place}`, `GET /symbols${place}`]);
    expect(httpSource(`${address}/symbols/`).name).toBe(`${address}/symbols`);
  });

  it("may answer with content encoding gzip, or with a gzipped file", async () => {
    answers = [status(200, gzipSync(TEXT), { "content-encoding": "gzip" }), status(200, gzipSync(TEXT))];
    expect((await fetched())?.text).toBe(TEXT);
    expect((await fetched())?.text).toBe(TEXT);
  });

  it("may encode a gzipped file once more for its way", async () => {
    answers = [status(200, gzipSync(gzipSync(TEXT)), { "content-encoding": "gzip" })];
    expect((await fetched())?.text).toBe(TEXT);
  });

  it("is not understood when it answers in an encoding that was not asked for", async () => {
    answers = [status(200, "?", { "content-encoding": "br" })];
    await expect(fetched()).rejects.toThrow("content encoding br");
  });

  it.each([
    ["with content encoding gzip", { "content-encoding": "gzip" }],
    ["as a gzipped file", {}],
  ])("that cuts what it sends %s, and ends as if that were all, is found out", async (_, headers) => {
    const text = Buffer.from(TEXT + randomBytes(100_000).toString("hex"));
    const whole = gzipSync(text);
    // Somewhere, in the checksum behind the stream, in the header before it.
    for (const length of [50_000, whole.length - 4, 12]) {
      const cut = whole.subarray(0, length);
      for (const known of [{}, { "content-length": String(length) }]) {
        answers = [status(200, cut, { ...headers, ...known })];
        await expect(fetched()).rejects.toThrow("unexpected end of file");
      }
    }
    answers = [status(200, whole, headers)];
    expect((await fetched())?.text).toBe(text.toString());
  });

  it("that redirects for ever is given up", async () => {
    answers = [status(302, "", { location: "/elsewhere" })];
    await expect(fetched()).rejects.toThrow("too many redirects");
  });

  it("may redirect", async () => {
    answers = [status(302, "", { location: "/elsewhere" }), status(200, TEXT)];
    expect(await fetched()).toEqual({ text: TEXT, url: `${address}${place}` });
    expect(requests).toEqual([`GET ${place}`, "GET /elsewhere"]);
  });

  it.each([400, 403, 404, 410])("has none when it answers %i, and is asked once", async (code) => {
    answers = [status(code, "no")];
    expect(await fetched()).toBeUndefined();
    expect(requests).toHaveLength(1);
  });

  it("keeps its connection when it has none, and loses it when it says so at length", async () => {
    const connections = new Set<unknown>();
    const answering = (body: string) => [
      (request: IncomingMessage, response: ServerResponse) => {
        connections.add(request.socket);
        response.writeHead(404).end(body);
      },
    ];
    answers = answering("no such file");
    for (let i = 0; i < 20; i++) await fetched();
    // The next question may be there before the end of an answer is.
    expect(connections.size).toBeLessThan(5);
    connections.clear();
    answers = answering("no".repeat(1e6));
    for (let i = 0; i < 20; i++) await fetched();
    expect(connections.size).toBeGreaterThan(15);
  });

  it.each([500, 503, 429])("is asked again after %i", async (code) => {
    answers = [status(code, "busy"), status(200, TEXT)];
    expect((await fetched())?.text).toBe(TEXT);
    expect(requests).toHaveLength(2);
  });

  it("is asked again after a connection that broke", async () => {
    answers = [(request) => request.socket.destroy(), status(200, TEXT)];
    expect((await fetched())?.text).toBe(TEXT);
  });

  it("fails after three answers of 500", async () => {
    answers = [status(500)];
    await expect(fetched()).rejects.toThrow("status 500");
    expect(requests).toHaveLength(3);
  });

  it("fails when the connection breaks within the file", async () => {
    answers = [
      (request, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write(TEXT, () => request.socket.destroy());
      },
    ];
    await expect(fetched()).rejects.toThrow();
  });

  it("fails, and says why, when nobody listens", async () => {
    const closed = createServer();
    await new Promise<void>((ready) => closed.listen(0, "127.0.0.1", ready));
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    await expect(fetched({}, `http://127.0.0.1:${port}`)).rejects.toThrow("ECONNREFUSED");
  });

  it("may have symcaches beside its texts; one that never has is asked for them no more", async () => {
    const path = { debugFile: "app", debugId: DEBUG_ID, symbolFile: "app.sym" };
    const source = httpSource(address);
    answers = [status(200, "a symcache"), status(404)];
    const found = await source.findSymcache!(path);
    expect(Buffer.concat(await Array.fromAsync(found!.bytes)).toString()).toBe("a symcache");
    for (let i = 0; i < 10; i++) expect(await source.findSymcache!(path)).toBeUndefined();
    expect(requests).toEqual(Array(6).fill(`GET /app/${DEBUG_ID}/app.symcache`));
  });

  it("tells by where it sends who asks what a module of a code file and id is", async () => {
    answers = [status(302, "", { location: "https://elsewhere/try/xul%20x.pdb/ABC1/xul.sym" })];
    const source = httpSource(address);
    expect(await source.identify!({ codeFile: "C:\\a\\xul.dll", codeId: "5ed439916eb4000" })).toEqual({
      debugFile: "xul x.pdb",
      debugId: "ABC1",
    });
    expect(requests).toEqual(["GET /xul.dll/5ED439916EB4000/xul.sym"]);
    answers = [status(200, "MODULE windows x86_64 ABC1 xul.pdb")];
    expect(await source.identify!({ codeFile: "firefox.exe", codeId: "1" })).toBeUndefined();
    answers = [status(404)];
    expect(await source.identify!({ codeFile: "firefox.exe", codeId: "1" })).toBeUndefined();
    expect(await source.identify!({ codeFile: "firefox.exe", codeId: "../x" })).toBeUndefined();
    expect(requests.slice(1)).toEqual(Array(2).fill("GET /firefox.exe/1/firefox.exe.sym"));
  });
});
