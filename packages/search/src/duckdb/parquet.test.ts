import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, it } from "vitest";
import { anId } from "../conformance/open-index.ts";
import { searchDocument } from "../document.ts";
import { searchFields } from "../fields.ts";
import { writeParquet } from "./index.ts";

it("writes what everybody may see of crashes of whatever week, and nothing that is protected", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mayday-parquet-"));
  const path = join(folder, "it's.parquet");
  try {
    const crash = (signature: string, date_processed: string) =>
      searchDocument({
        uuid: anId(),
        signature,
        date_processed,
        uptime: 5,
        url: "https://private.example/",
        user_comments: "secret",
      });
    async function* batches() {
      yield [crash("one", "2026-11-02T00:00:00Z"), crash("two", "2026-11-09T00:00:00Z")];
      yield [crash("three", "2026-11-03T00:00:00Z")];
    }
    expect(await writeParquet(path, batches())).toBe(3);
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const read = `FROM read_parquet('${path.replaceAll("'", "''")}')`;
    const rows = await connection.runAndReadAll(`SELECT signature, uptime ${read}`);
    expect(rows.getRows()).toEqual([
      ["one", 5n],
      ["three", 5n],
      ["two", 5n],
    ]);
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * ${read}`);
    const names = new Set(described.getRows().map(([name]) => String(name)));
    for (const { name, permissions } of searchFields)
      if (permissions.length > 0) expect(names).not.toContain(name);
    expect(names).toContain("product");
  } finally {
    await rm(folder, { recursive: true });
  }
});
