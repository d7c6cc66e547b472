import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openRecords } from "../../../packages/records/src/open/index.ts";
import { postgresPrograms, startPostgres } from "../../../packages/records/src/test-support/postgres.ts";

const ROUNDS = 20;
const TRANSACTIONS = 1000;
const writer = fileURLToPath(new URL("write-records.ts", import.meta.url));

interface Database {
  readonly name: string;
  readonly settings: { readonly MAYDAY_DATA_DIR: string; readonly DATABASE_URL: string };
  /** What is killed besides the writer. */
  crash(): Promise<void>;
}

/**
 * Kills whoever writes the records, with SIGKILL and within 1,000 transactions, 20 times: what was acknowledged is there.
 * For SQLite that is the process that writes, for PostgreSQL the server as well.
 */
export async function records(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-records-"));
  const sqlite = { MAYDAY_DATA_DIR: folder, DATABASE_URL: "" };
  let holds = true;
  try {
    holds = await keepsAll({ name: "SQLite", settings: sqlite, crash: async () => undefined });
    const programs = postgresPrograms();
    if (programs === undefined) {
      console.log("  PostgreSQL is not there: install Debian's postgresql");
      return false;
    }
    const server = await startPostgres(programs);
    try {
      const settings = { MAYDAY_DATA_DIR: folder, DATABASE_URL: await server.makeDatabase() };
      holds = (await keepsAll({ name: "PostgreSQL", settings, crash: () => server.crash() })) && holds;
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return holds;
}

async function keepsAll({ name, settings, crash }: Database): Promise<boolean> {
  let acknowledged = 0;
  let lost = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const told = await writeUntilKilled(settings, Math.ceil((TRANSACTIONS * round) / ROUNDS), crash);
    const opened = await openRecords(settings);
    for (const text of told) {
      const isThere = (await opened.tokens.find(text)) !== undefined;
      if (!isThere || (await opened.searches.list(text)).length !== 1) lost++;
    }
    acknowledged += told.length;
    await opened.close();
  }
  console.log(`  ${name}: killed ${ROUNDS} times; of ${acknowledged} acknowledged transactions ${lost} lost`);
  return lost === 0;
}

/** @returns what the writer said was written before it was killed */
async function writeUntilKilled(
  { MAYDAY_DATA_DIR, DATABASE_URL }: Database["settings"],
  enough: number,
  crash: () => Promise<void>,
): Promise<string[]> {
  const child = spawn(process.execPath, [writer, MAYDAY_DATA_DIR, DATABASE_URL], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let out = "";
  let crashing: Promise<void> | undefined;
  child.stdout.setEncoding("latin1").on("data", (text: string) => {
    out += text;
    if (crashing !== undefined || out.length < enough * 41) return;
    crashing = crash();
    child.kill("SIGKILL");
  });
  await once(child, "close");
  if (crashing === undefined) throw new Error("the writer ended by itself");
  await crashing;
  // The last line may be half written.
  return out.split("\n").slice(0, -1);
}
