import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  crashIdIn,
  dataFolder,
  eventually,
  type Pipeline,
  processedCrash,
  startPipeline,
} from "./pipeline.ts";
import { demoAnnotations, demoDump, demoSymbols, postForm } from "./submit.ts";

const hasTools = spawnSync("supersearch", ["--help"]).status === 0;
const data = await dataFolder();
let pipeline: Pipeline;
let crashId = "";

beforeAll(async () => {
  if (!hasTools) return;
  pipeline = await startPipeline(data.path, { SYMBOL_SOURCES: demoSymbols });
  const { text } = await postForm(pipeline.collector, demoAnnotations(), {
    upload_file_minidump: demoDump(),
  });
  crashId = crashIdIn(text);
  await processedCrash(pipeline.webapp, crashId);
  await eventually("it is indexed", async () => {
    const found: any = await (await fetch(`${pipeline.webapp}/api/SuperSearch/?product=Teapot`)).json();
    return found.total === 1 ? true : undefined;
  });
}, 90_000);
afterAll(async () => {
  await pipeline?.end("SIGTERM");
  await data.remove();
});

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, [`--host=${pipeline.webapp}`, ...args], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}

describe.skipIf(!hasTools)("Mozilla's command-line client (needs pip install crashstats-tools)", () => {
  it("searches", () => {
    const found = run(
      "supersearch",
      "--_columns=uuid",
      "--_columns=signature",
      "--product=Teapot",
      "--num=10",
    );
    expect(found).toBe(`${crashId}\tteapot::Texture::index_of\n`);
  });

  it("counts", () => {
    const counts = run("supersearchfacet", "--_facets=product", "--format=json");
    expect(JSON.parse(counts)["product"]).toContainEqual({ product: "Teapot", count: 1 });
  });

  it("fetches raw and processed crashes", () => {
    const folder = join(data.path, "fetched");
    run("fetch-data", "--raw", "--processed", folder, crashId);
    expect(existsSync(join(folder, "processed_crash", crashId))).toBe(true);
    expect(existsSync(join(folder, "raw_crash", `20${crashId.slice(-6)}`, crashId))).toBe(true);
  });
});
