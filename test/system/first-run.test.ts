import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataFolder, type Pipeline, repository, startPipeline } from "./pipeline.ts";

const data = await dataFolder();
let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline(data.path, { MAYDAY_DEMO: "1" });
}, 90_000);
afterAll(async () => {
  await pipeline.end("SIGTERM");
  await data.remove();
});

/** Long names are cut for the terminal. */
const cut = (name: string) => (name.length <= 100 ? name : `${name.slice(0, 99)}…`);

/** The functions of the peer's answer for the demo crash, inlined ones first. */
function expectedFunctions(): string[] {
  const peer = JSON.parse(readFileSync(join(repository, "fixtures/demo/expected.json"), "utf8"));
  return peer.crashing_thread.frames.flatMap((frame: any) => [
    ...(frame.inlines ?? []).map((inline: any) => inline.function),
    frame.function,
  ]);
}

describe("the first run", () => {
  it("shows the demo crash's whole stack, its signature and where to read on", () => {
    const stack = pipeline.output.split("\n").filter((line) => /^ *\d+ {2}/.test(line));
    expect(stack.map((line) => line.replace(/^ *\d+ {2}/, "").split("  ")[0])).toEqual(
      expectedFunctions().map(cut),
    );
    expect(pipeline.output).toMatch(/^signature {2}teapot::Texture::index_of/m);
    expect(pipeline.output).toMatch(/^reason {5}SIGSEGV \/ SEGV_MAPERR at 0x0000000000000000$/m);
    expect(pipeline.output).toMatch(/^report {5}http:\/\/127\.0\.0\.1:\d+\/report\/index\/[0-9a-f-]{36}$/m);
  });

  it("answers version, heartbeats and metrics on every service", async () => {
    for (const url of [pipeline.collector, pipeline.symbols, pipeline.webapp]) {
      const heartbeat = await fetch(`${url}/__heartbeat__`);
      expect({ url, status: heartbeat.status, body: await heartbeat.json() }).toMatchObject({
        url,
        status: 200,
      });
      expect(await (await fetch(`${url}/__version__`)).json()).toHaveProperty("version");
      expect((await fetch(`${url}/__lbheartbeat__`)).status).toBe(200);
    }
    const metrics = await (await fetch(`${pipeline.collector}/metrics`)).text();
    expect(metrics).toContain('collector_reports_total{outcome="accept"} 1');
  });

  it("finds the crash by its signature, and counts it once", async () => {
    const search = async (query: string) =>
      (await fetch(`${pipeline.webapp}/api/SuperSearch/?${query}`)).json();
    const all: any = await search("product=Teapot&_facets=signature");
    expect(all.total).toBe(1);
    const { signature } = all.hits[0];
    expect(all.facets.signature).toEqual([{ term: signature, count: 1 }]);
    expect(await search(`signature=${encodeURIComponent(`=${signature}`)}`)).toMatchObject({ total: 1 });
    expect(await search(`signature=${encodeURIComponent(`!=${signature}`)}`)).toMatchObject({ total: 0 });
  });

  it("serves the demo program's symbols as a symbol server does", async () => {
    const id = "2FB0B04480C9E128E8269805C17188E90";
    const found = await fetch(`${pipeline.symbols}/teapot/${id.toLowerCase()}/teapot.sym`);
    expect(found.status).toBe(200);
    expect(await found.text()).toMatch(new RegExp(`^MODULE Linux x86_64 ${id} teapot\n`));
    expect((await fetch(`${pipeline.symbols}/teapot/${id}/teapot.sym`, { method: "HEAD" })).status).toBe(200);
    expect((await fetch(`${pipeline.symbols}/nothing/${id}/nothing.sym`)).status).toBe(404);
  });
});

describe("a second run", () => {
  it("stops within ten seconds when told to, and finds its data again", async () => {
    const started = Date.now();
    expect(await pipeline.end("SIGTERM")).toBe(0);
    expect(Date.now() - started).toBeLessThan(10_000);
    pipeline = await startPipeline(data.path, { MAYDAY_DEMO: "1" });
    expect(pipeline.output).toMatch(/found the data of earlier runs; demo crash: teapot::/);
    const found: any = await (await fetch(`${pipeline.webapp}/api/SuperSearch/?product=Teapot`)).json();
    expect(found.total).toBe(1);
  }, 90_000);

  it("stops in time also while a client keeps half a report to itself", async () => {
    const { port, hostname } = new URL(pipeline.collector);
    const client = connect(Number(port), hostname);
    client.on("error", () => undefined);
    client.write(
      "POST /submit HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100\r\n\r\n--b",
    );
    await new Promise((done) => client.once("connect", done));
    const redis = process.platform === "linux" ? pipeline.redisPid() : undefined;
    const started = Date.now();
    expect(await pipeline.end("SIGTERM")).toBe(0);
    expect(Date.now() - started).toBeLessThan(10_000);
    if (redis !== undefined) expect(() => process.kill(redis, 0)).toThrow();
    client.destroy();
    pipeline = await startPipeline(data.path, { MAYDAY_DEMO: "1" });
  }, 90_000);

  it("is refused while the first one runs", async () => {
    await expect(startPipeline(data.path)).rejects.toThrow(
      /CONFIG_INVALID: process \d+ of \S+, since \S+ uses/,
    );
  }, 60_000);
});
