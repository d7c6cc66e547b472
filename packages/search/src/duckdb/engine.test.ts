import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crash } from "../conformance/open-index.ts";
import { searchEngineConformance } from "../conformance.ts";
import { openDuckDbEngine } from "./index.ts";

const memoryLimitMb = 256;

describe("the DuckDB engine, over a file", () => {
  let folder: string;
  let files = 0;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mayday-search-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  searchEngineConformance(() => {
    files += 1;
    return openDuckDbEngine({ path: join(folder, `${files}.duckdb`), memoryLimitMb });
  });
});

describe("the DuckDB engine, in memory", () => {
  it("shares nothing with another one", async () => {
    const path = ":memory:";
    const engines = await Promise.all([
      openDuckDbEngine({ path, memoryLimitMb }),
      openDuckDbEngine({ path, memoryLimitMb }),
    ]);
    const [one, two] = engines;
    const document = crash();
    await one.add([document]);
    expect(await one.has([document.uuid])).toEqual(new Set([document.uuid]));
    expect(await two.has([document.uuid])).toEqual(new Set());
    await Promise.all(engines.map((engine) => engine.close()));
  });
});
