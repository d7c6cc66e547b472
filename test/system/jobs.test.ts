import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  crashIdIn,
  dataFolder,
  eventually,
  type Pipeline,
  processedCrash,
  repository,
  startPipeline,
} from "./pipeline.ts";
import { demoAnnotations, demoDump, demoSymbols, postForm } from "./submit.ts";

const data = await dataFolder();
let pipeline: Pipeline;
const ids: string[] = [];

beforeAll(async () => {
  pipeline = await startPipeline(data.path, { SYMBOL_SOURCES: demoSymbols });
  for (let i = 0; i < 3; i++) {
    const { text } = await postForm(pipeline.collector, demoAnnotations(), {
      upload_file_minidump: demoDump(),
    });
    ids.push(crashIdIn(text));
  }
  for (const id of ids) await processedCrash(pipeline.webapp, id);
  await eventually("they are indexed", async () => {
    const found: any = await (await fetch(`${pipeline.webapp}/api/SuperSearch/?product=Teapot`)).json();
    return found.total === ids.length ? true : undefined;
  });
}, 90_000);
afterAll(async () => {
  await pipeline?.end("SIGTERM");
  await data.remove();
});

async function mayday(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, ["services/cli/src/main.ts", ...args], {
    cwd: repository,
    env: { PATH: process.env["PATH"], MAYDAY_DATA_DIR: data.path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: code as number, out, err };
}

const runs = async (id: string) => (await processedCrash(pipeline.webapp, id))["processing_history"].length;

describe("mayday reprocess", () => {
  it("counts what a search finds, processes each again, and tells when it is over", async () => {
    const counted = await mayday("reprocess", "--query", "product=Teapot", "--count");
    expect(counted).toMatchObject({ code: 0, err: "3 crashes\n", out: expect.stringContaining("cancelled") });
    const done = await mayday("reprocess", "--query", "product=Teapot", "--rate", "100");
    expect(done).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ done {2}3 of 3 done, 0 with another/),
    });
    expect(await Promise.all(ids.map(runs))).toEqual([2, 2, 2]);
  }, 60_000);

  it("takes ids with a ruleset each, and says in one line what is wrong", async () => {
    const one = await mayday("reprocess", `${ids[0]}:regenerate_signature`, `bp-${ids[1]}`);
    expect(one.code).toBe(0);
    expect(one.out.trim().split("\n")).toHaveLength(2);
    expect(await Promise.all(ids.map(runs))).toEqual([3, 3, 2]);
    expect(await mayday("reprocess", "tea")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^WEBAPP_REFUSED: [^\n]*Crash id 'tea' is not valid/),
    });
    expect((await mayday("reprocess", "--query", "product=Teapot", ids[0]!)).err).toMatch(/^USAGE: /);
  }, 60_000);

  it("leaves no token of its own behind", async () => {
    const { out } = await mayday("tokens", "list");
    expect(
      out.split("\n").filter((line) => line.includes("for one command") && !line.includes("revoked")),
    ).toEqual([]);
  }, 60_000);
});

describe("mayday jobs", () => {
  it("shows queues, bulk jobs and crashes that were set aside, as text and JSON", async () => {
    const { out } = await mayday("jobs", "list");
    expect(out).toMatch(/^standard +empty$/m);
    expect(out).toMatch(/search: product=Teapot$/m);
    const json = JSON.parse((await mayday("jobs", "list", "--json")).out);
    expect(json.bulk.length).toBeGreaterThan(2);
    expect(await mayday("jobs", "failed")).toMatchObject({ code: 0, out: "" });
    expect(await mayday("jobs", "retry", "--all")).toMatchObject({ code: 0, out: "0 are tried again\n" });
    expect(await mayday("jobs", "discard", ids[0]!)).toMatchObject({ code: 1, out: "0 discarded\n" });
    expect((await mayday("jobs", "pause", "nothing")).err).toMatch(/^WEBAPP_REFUSED: .*404/);
  }, 60_000);
});

describe("the board of the queues", () => {
  it("shows each queue and its jobs to who manages jobs, to nobody else, and changes nothing", async () => {
    const { out } = await mayday("tokens", "create", "--permissions", "manage_jobs", "--owner", "board");
    const headers = { "auth-token": /[0-9a-f]{32,}/.exec(out)![0] };
    const board = `${pipeline.webapp}/ops/board`;
    expect((await fetch(`${board}/`)).status).toBe(403);
    expect((await fetch(`${board}/api/queues`)).status).toBe(403);
    const page = await fetch(`${board}/`, { headers });
    expect(page.status).toBe(200);
    const script = /src="(static\/[^"]+\.js)"/.exec(await page.text())![1];
    expect((await fetch(`${board}/${script}`, { headers })).status).toBe(200);
    const { queues }: any = await (await fetch(`${board}/api/queues`, { headers })).json();
    expect(queues.map(({ description }: any) => description)).toContain("standard");
    const clean = `${board}/api/queues/${encodeURIComponent("{standard}")}/clean/completed`;
    expect((await fetch(clean, { method: "PUT", headers })).status).toBe(405);
  }, 60_000);
});
