import { readdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { listen } from "@mayday/service";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type OpenService, openService } from "../test-support/open-service.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A symbol server of the test's, which does with a path what is said here, and has nothing else. */
async function symbolServer() {
  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    asked.push(`${request.method} ${path}`);
    const none: Answer = (_, answer) => answer.writeHead(404).end();
    (answers.get(path) ?? none)(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  afterAll(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answers, asked };
}

const sends =
  (body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(200, headers).end(body);
const gzipped = (text: string) => sends(gzipSync(text), { "content-encoding": "gzip" });

const near = await symbolServer();
const far = await symbolServer();
const opened = await openService({
  SYMBOLS_PROXY: "1",
  SYMBOL_SOURCES: `${near.url},${far.url}`,
  SYMBOLS_PROXY_FILE_MB: "1",
});
const url = await listen(opened.service, 0, "127.0.0.1");

let number = 0;
let name = "";
let id = "";
let path = "";
let text = "";
beforeEach(() => {
  near.asked.length = 0;
  far.asked.length = 0;
  number++;
  name = `app${number}`;
  id = `000102030405060708090A0B0C0D0E${number.toString(16).toUpperCase().padStart(2, "0")}c`;
  path = `/${name}/${id}/${name}.sym`;
  text = `MODULE Linux x86_64 ${id} ${name}\nINFO CODE_ID ABCDEF${number}0 ${name}.dll\nFUNC 1000 10 0 f()\n`;
});

const get = (at = path, init: RequestInit = {}) => fetch(url + at, { redirect: "manual", ...init });
const keptBy = ({ objects }: OpenService) =>
  objects.get(`fetched/v1/${name}/${id.toUpperCase()}/${name}.sym`);
const kept = () =>
  vi.waitFor(async () => {
    const bytes = await keptBy(opened);
    expect(bytes).toBeDefined();
    return gunzipSync(bytes as Buffer).toString();
  });
const noneIsOnItsWay = () =>
  vi.waitFor(async () => expect(await readdir(join(opened.folder, "uploads")).catch(() => [])).toEqual([]));

describe("a symbol file that is not stored here", () => {
  it("is fetched once, however many ask, and kept", async () => {
    far.answers.set(path, gzipped(text));
    const answers = await Promise.all(Array.from({ length: 20 }, () => get()));
    for (const answer of answers) expect(await answer.text()).toBe(text);
    expect(await kept()).toBe(text);
    expect(far.asked).toEqual([`GET ${path}`]);
    far.answers.delete(path);
    expect(await (await get()).text()).toBe(text);
    expect((await get(path, { method: "HEAD" })).status).toBe(200);
    expect(await (await get(path, { headers: { "accept-encoding": "identity" } })).text()).toBe(text);
    expect(far.asked).toHaveLength(1);
  });

  it("is known by its code when it was fetched, and by the word of its server before", async () => {
    const byCode = `/${name}.dll/ABCDEF${number}0/${name}.sym`;
    far.answers.set(byCode, (_, response) => response.writeHead(302, { location: path }).end());
    expect((await get(byCode)).headers.get("location")).toBe(path);
    far.answers.delete(byCode);
    far.answers.set(path, sends(text));
    await (await get()).text();
    await kept();
    const found = await vi.waitFor(async () => {
      const answer = await get(byCode);
      expect(answer.status).toBe(302);
      return answer;
    });
    expect(found.headers.get("location")).toBe(path.replace(id, id.toUpperCase()));
    expect(await (await get(`/api/syminfo/${name}/${id}`)).json()).toMatchObject({
      code_file: `${name}.dll`,
    });
  });

  it("is passed on while it comes", async () => {
    const rest = Promise.withResolvers<ServerResponse>();
    near.answers.set(path, (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.write(gzipSync(text));
      rest.resolve(response);
    });
    const answer = await get(path, { headers: { "accept-encoding": "identity" } });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe(text);
    expect(await keptBy(opened)).toBeUndefined();
    (await rest.promise).end(gzipSync("FUNC 2000 10 0 g()\n"));
    let more = "";
    for (let next = await reader.read(); !next.done; next = await reader.read())
      more += Buffer.from(next.value).toString();
    expect(more).toBe("FUNC 2000 10 0 g()\n");
    expect(await kept()).toBe(text + more);
  });

  it("is not kept when it breaks on its way, and asked for again", async () => {
    const begun = Promise.withResolvers<ServerResponse>();
    near.answers.set(path, (_, response) => {
      response.writeHead(200, { "content-length": "5000", "content-encoding": "gzip" });
      response.write(gzipSync(text));
      begun.resolve(response);
    });
    const answer = await get();
    (await begun.promise).destroy();
    await expect(answer.text()).rejects.toThrow();
    await noneIsOnItsWay();
    expect(await keptBy(opened)).toBeUndefined();
    near.answers.set(path, sends(text));
    await vi.waitFor(async () => expect(await (await get()).text()).toBe(text));
    expect(await kept()).toBe(text);
  });

  it("is not kept when its gzip is cut, be the answer whole", async () => {
    const cut = gzipSync(text + "PUBLIC 10 0 name\n".repeat(9000)).subarray(0, -20);
    near.answers.set(path, sends(cut, { "content-encoding": "gzip" }));
    await expect(get().then((answer) => answer.text())).rejects.toThrow();
    await noneIsOnItsWay();
    expect(await keptBy(opened)).toBeUndefined();
  });

  it("is not kept when it is larger than may be, packed or not", async () => {
    const large = text + "PUBLIC 10 0 name\n".repeat(100_000);
    near.answers.set(path, gzipped(large));
    await expect(get().then((answer) => answer.text())).rejects.toThrow();
    await noneIsOnItsWay();
    expect(await keptBy(opened)).toBeUndefined();
  });

  it.each([
    ["a page", () => "<html>log in</html>"],
    ["other symbols", () => text.replace(id, id.replace("0001", "FFFF"))],
    ["nothing", () => ""],
  ])("is asked of the next source where one sends %s", async (_, other) => {
    near.answers.set(path, sends(other()));
    far.answers.set(path, gzipped(text));
    expect(await (await get()).text()).toBe(text);
    expect(await kept()).toBe(text);
  });

  it("is asked for again soon where a source was away, but not where all lack it", async () => {
    near.answers.set(path, (_, response) => response.writeHead(503).end());
    expect((await get()).status).toBe(502);
    expect((await get(path, { method: "HEAD" })).status).toBe(502);
    near.answers.delete(path);
    near.asked.length = 0;
    expect((await get()).status).toBe(404);
    expect((await get()).status).toBe(404);
    expect((await get(path, { method: "HEAD" })).status).toBe(404);
    expect(near.asked).toEqual([`GET ${path}`]);
  });

  it("is not fetched for who asks whether it is there", async () => {
    far.answers.set(path, gzipped(text));
    expect((await get(path, { method: "HEAD" })).status).toBe(200);
    await noneIsOnItsWay();
    expect(await keptBy(opened)).toBeUndefined();
  });

  it("is asked of nobody when it is nonsense, or another proxy asks", async () => {
    far.answers.set(path, gzipped(text));
    for (const nonsense of [
      `/${name}/${"0".repeat(33)}/${name}.sym`,
      `/${name}/${id}/else.sym`,
      `/x/${id}/x.pd_`,
    ])
      expect((await get(nonsense)).status).toBe(404);
    expect((await get(path, { headers: { via: "1.1 mayday-symbols" } })).status).toBe(404);
    expect([...near.asked, ...far.asked]).toEqual([]);
  });

  it("is fetched for who wants something symbolicated, and kept", async () => {
    far.answers.set(path, gzipped(text));
    const body = JSON.stringify({ memoryMap: [[name, id]], stacks: [[[0, 0x1004]]] });
    const answer = await fetch(`${url}/symbolicate/v5`, { method: "POST", body });
    expect(await answer.json()).toMatchObject({ results: [{ stacks: [[{ function: "f()" }]] }] });
    expect(await kept()).toBe(text);
    expect(await (await get()).text()).toBe(text);
    expect(far.asked.filter((line) => line === `GET ${path}`)).toHaveLength(1);
  });

  it("is asked of no other server where that is not wanted", async () => {
    const plain = await openService({ SYMBOL_SOURCES: far.url });
    far.answers.set(path, gzipped(text));
    expect((await plain.service.inject(path)).statusCode).toBe(404);
    expect(far.asked).toEqual([]);
  });
});
