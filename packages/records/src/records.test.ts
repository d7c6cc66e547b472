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

  it("tell that they cannot be reached", async () => {
    const DATABASE_URL = "postgres://mayday@127.0.0.1:1/none";
    await expect(openRecords({ MAYDAY_DATA_DIR: "nowhere", DATABASE_URL })).rejects.toThrow();
  });
});
