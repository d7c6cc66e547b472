import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataFolder, eventually, type Pipeline, repository, startPipeline } from "./pipeline.ts";

const data = await dataFolder();
let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline(data.path, { MAYDAY_DEMO: "1", WEBAPP_PERMISSIONS: "view_pii" });
}, 90_000);
afterAll(async () => {
  await pipeline.end("SIGTERM");
  await data.remove();
});

const SIGNATURE = "teapot::Texture::index_of";

const search = async (query: string): Promise<any> =>
  (await fetch(`${pipeline.webapp}/api/SuperSearch/?${query}`)).json();

/** A folder of lists, empty but for one. */
async function listsFolder(lines: Record<string, string>): Promise<string> {
  const folder = join(data.path, "lists");
  await mkdir(folder, { recursive: true });
  const names = [
    "signature_sentinels",
    "irrelevant_signature_re",
    "prefix_signature_re",
    "signatures_with_line_numbers_re",
  ];
  for (const name of names) await writeFile(join(folder, `${name}.txt`), lines[name] ?? "");
  return folder;
}

describe("the signature of a stored crash", () => {
  it("is explained on its report page", async () => {
    const id = await eventually(
      "the demo crash in the index",
      async () => (await search("product=Teapot")).hits[0]?.uuid,
    );
    const page = await (await fetch(`${pipeline.webapp}/report/index/${id}`)).text();
    expect(page).toContain("Why this signature");
    expect(page).toContain(`<code>${SIGNATURE}</code> is taken, and ends the signature.`);
    expect(page).toContain(
      "C++ function: <code>teapot::Texture::index_of(unsigned int, unsigned int) const</code>",
    );
  });

  it("is what the API makes of its stack", async () => {
    const { hits } = await search("product=Teapot");
    const reply = await fetch(`${pipeline.webapp}/api/ProcessedCrash/?crash_id=${hits[0].uuid}`);
    const body = JSON.stringify({ jobs: [await reply.json()] });
    const answer = await fetch(`${pipeline.webapp}/api/CrashSignature/`, { method: "POST", body });
    expect(((await answer.json()) as any).results[0].signature).toBe(SIGNATURE);
  });

  it("can be tried with other lists while the pipeline runs", async () => {
    const lists = await listsFolder({ prefix_signature_re: "teapot::Texture::index_of$" });
    const args = ["signature", "diff", "--json", "--siglists", lists, "--data", data.path];
    const found = ["--search", "product=Teapot", "--webapp", pipeline.webapp];
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["services/cli/src/main.ts", ...args, ...found],
      {
        cwd: repository,
        encoding: "utf8",
      },
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({
      crashes: 1,
      changed: 1,
      changes: [{ from: SIGNATURE, to: `${SIGNATURE} | teapot::Texture::texel`, crashes: 1 }],
    });
  });
});
