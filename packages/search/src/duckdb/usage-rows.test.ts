import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, it } from "vitest";
import { readUsageRows } from "./usage-rows.ts";

const folder = mkdtempSync(join(tmpdir(), "mayday-usage-"));
const row = {
  product: "Firefox",
  version: "153.0",
  channel: "release",
  platform: "Linux",
  day: "2026-11-01",
};

it("usage is read from CSV and from Parquet alike", async () => {
  const csv = join(folder, "it's.csv");
  writeFileSync(
    csv,
    "product,version,channel,platform,day,hours,users\nFirefox,153.0,release,Linux,2026-11-01,12.5,3\n",
  );
  const parquet = join(folder, "usage.parquet");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(
    `COPY (SELECT 'Firefox' AS product, '153.0' AS version, 'release' AS channel, 'Linux' AS platform, DATE '2026-11-01' AS day, 12.5 AS hours, 3 AS users) TO '${parquet}'`,
  );
  for (const file of [csv, parquet]) {
    expect(await readUsageRows(file)).toEqual([{ ...row, hours: 12.5, users: 3 }]);
  }
});

it("what a file of usage does not tell apart is empty, and one that cannot be read is an error", async () => {
  const some = join(folder, "some.csv");
  writeFileSync(some, "day,hours,product\n2026-11-01,7,Firefox\n");
  expect(await readUsageRows(some)).toEqual([
    { ...row, version: "", channel: "", platform: "", hours: 7, users: 0 },
  ]);
  writeFileSync(some, "a,b\n1,2\n");
  await expect(readUsageRows(some)).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
});
