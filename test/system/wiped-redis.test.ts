import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
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

const CLIENT = "11111111-2222-4333-8444-555555555555";
const data = await dataFolder();
let pipeline: Pipeline;
let other: string;
let theirs: string;
let signature: string;

const start = () => startPipeline(data.path, { SYMBOL_SOURCES: demoSymbols });

async function submit(annotations: Record<string, string>): Promise<string> {
  const { text: answer } = await postForm(
    pipeline.collector,
    { ...demoAnnotations(), ...annotations },
    { upload_file_minidump: demoDump() },
  );
  const id = crashIdIn(answer);
  await processedCrash(pipeline.webapp, id);
  return id;
}

async function mayday(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, ["services/cli/src/main.ts", ...args], {
    cwd: repository,
    env: { PATH: process.env["PATH"], MAYDAY_DATA_DIR: data.path },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  expect(code, args.join(" ")).toBe(0);
  return out;
}

/** The processed crash as one sees it who may see all. */
async function seenWithPermission(id: string): Promise<Record<string, any>> {
  const token = (await mayday("tokens", "create", "--permissions", "view_pii")).trim();
  const address = `${pipeline.webapp}/api/ProcessedCrash/?crash_id=${id}`;
  return (await (await fetch(address, { headers: { "auth-token": token } })).json()) as Record<string, any>;
}

const search = async (query: string): Promise<any> =>
  (await fetch(`${pipeline.webapp}/api/SuperSearch/?${query}`)).json();

beforeAll(async () => {
  pipeline = await start();
  other = await submit({});
}, 90_000);
afterAll(async () => {
  await pipeline?.end("SIGTERM");
  await data.remove();
});

describe("a pipeline whose Redis lost all it had", () => {
  it("had shown where misused memory was allocated", { timeout: 60_000 }, async () => {
    const { json_dump } = await processedCrash(pipeline.webapp, other);
    const [frame, caller] = json_dump.crashing_thread.frames;
    // What a stack walk of the client writes down is where calls return to; a walked frame is the call itself.
    const PHCAllocStack = `${BigInt(caller.offset) + 1n},17`;
    theirs = await submit({ GleanClientId: CLIENT, PHCKind: "FreedPage", PHCAllocStack });
    const processed = await seenWithPermission(theirs);
    expect(processed["phc_alloc_frames"]).toMatchObject([
      { frame: 0, module: caller.module, function: caller.function, line: caller.line },
      { frame: 1, offset: "0x11" },
    ]);
    expect(frame.function).not.toBe(caller.function);
    signature = processed["signature"];
    await eventually("they are indexed", async () =>
      (await search("product=Teapot")).total === 2 ? true : undefined,
    );
  });

  it("still deletes what a client asked for, and nothing else", { timeout: 120_000 }, async () => {
    await mayday("delete", "--client-id", CLIENT);
    await pipeline.end("SIGKILL");
    await rm(join(data.path, "redis"), { recursive: true, force: true });
    pipeline = await start();
    await eventually("it is deleted", async () =>
      (await search("product=Teapot")).total === 1 ? true : undefined,
    );
    expect((await fetch(`${pipeline.webapp}/api/RawCrash/?crash_id=${theirs}`)).status).toBe(404);
    expect((await fetch(`${pipeline.webapp}/api/RawCrash/?crash_id=${other}`)).status).toBe(200);
    const told = await eventually("it is told", async () => {
      const [request] = JSON.parse(await mayday("deletions", "--client-id", CLIENT, "--json"));
      return request.crashes > 0 ? request : undefined;
    });
    expect(told).toMatchObject({ crashes: 1, pings: 0, done: null });
  });

  it("tells since when the signature is known", { timeout: 60_000 }, async () => {
    const query = new URLSearchParams({ signatures: signature });
    const known = await eventually("it is learned", async () => {
      const address = `${pipeline.webapp}/api/SignatureFirstDate/?${query}`;
      const { hits }: any = await (await fetch(address)).json();
      return hits.length > 0 ? hits[0] : undefined;
    });
    const { date_processed, build } = await processedCrash(pipeline.webapp, other);
    expect(Date.parse(known.first_date)).toBeLessThanOrEqual(Date.parse(date_processed));
    expect(known).toMatchObject({ signature, first_build: build });
  });
});
