import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openConfiguredEngine } from "./index.ts";

it("makes the data folder where nobody has: crashes may be in a bucket", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mayday-open-"));
  const MAYDAY_DATA_DIR = join(folder, "data");
  const engine = await openConfiguredEngine({ MAYDAY_DATA_DIR, SEARCH_ENGINE: "duckdb", SEARCH_URL: "" });
  await engine.check();
  expect(existsSync(join(MAYDAY_DATA_DIR, "search.duckdb"))).toBe(true);
  await engine.close();
  rmSync(folder, { recursive: true });
});
