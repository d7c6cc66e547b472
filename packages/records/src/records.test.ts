import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordsConformance } from "./conformance.ts";
import { openRecords } from "./open/index.ts";
import { type PostgresServer, postgresPrograms, startPostgres } from "./test-support/postgres.ts";

describe("records in SQLite", () => {
  recordsConformance(async () => {
    const folder = mkdtempSync(join(tmpdir(), "mayday-records-"));
    return {
      open: (now) => openRecords({ MAYDAY_DATA_DIR: folder, DATABASE_URL: "" }, { now }),
      remove: async () => rmSync(folder, { recursive: true }),
    };
  });
});

const programs = postgresPrograms();
describe.skipIf(programs === undefined)("records in PostgreSQL", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(programs!);
  }, 60_000);
  afterAll(() => server.stop());

  recordsConformance(async () => {
    const DATABASE_URL = await server.makeDatabase();
    return {
      open: (now) => openRecords({ MAYDAY_DATA_DIR: "nowhere", DATABASE_URL }, { now }),
      remove: () => server.dropDatabase(DATABASE_URL),
    };
  });

  it("are waited for while their server is away and while it starts again", async () => {
    const DATABASE_URL = await server.makeDatabase();
    const crashing = server.crash();
    const errors: unknown[] = [];
    const records = await openRecords(
      { MAYDAY_DATA_DIR: "nowhere", DATABASE_URL },
      { waitMs: 60_000, onError: (error) => errors.push(error) },
    );
    await crashing;
    expect(errors.length).toBeGreaterThan(0);
    expect(await records.tokens.list()).toEqual([]);
    await records.close();
  }, 90_000);

  it("tell that they cannot be reached", async () => {
    const DATABASE_URL = "postgres://mayday@127.0.0.1:1/none";
    await expect(openRecords({ MAYDAY_DATA_DIR: "nowhere", DATABASE_URL })).rejects.toThrow();
  });
});
