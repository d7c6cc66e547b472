import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCrashId } from "@mayday/crash";
import { createLogger } from "@mayday/observability";
import { type RecordedMetrics, recordedMetrics } from "@mayday/observability/recorded";
import type { Records } from "@mayday/records";
import { openRecords } from "@mayday/records/open";
import { type SearchDocument, type SearchEngine, searchDocument } from "@mayday/search";
import { openDuckDbEngine } from "@mayday/search/duckdb";

/** What sweeps work with: a real engine and real records, and a notebook as Redis keeps it. */
export interface Scene {
  readonly engine: SearchEngine;
  readonly records: Records;
  readonly notebook: {
    read(page: string): Promise<Record<string, string>>;
    write(page: string, lines: Readonly<Record<string, string>>): Promise<void>;
    forget(page: string, names: readonly string[]): Promise<void>;
  };
  readonly log: ReturnType<typeof createLogger>;
  readonly metrics: RecordedMetrics;
  now(): Date;
  /** Lets time go by. */
  pass(ms: number): void;
  /** As a Redis that lost all it had. */
  forgetAll(): void;
  close(): Promise<void>;
}

export async function openScene(start: Date): Promise<Scene> {
  let time = start.getTime();
  const folder = mkdtempSync(join(tmpdir(), "mayday-scheduler-"));
  const now = () => new Date(time);
  const records = await openRecords({ MAYDAY_DATA_DIR: folder, DATABASE_URL: "" }, { now });
  const engine = await openDuckDbEngine({ path: ":memory:" });
  const pages = new Map<string, Record<string, string>>();
  return {
    engine,
    records,
    notebook: {
      read: async (page) => ({ ...pages.get(page) }),
      write: async (page, lines) => void pages.set(page, { ...pages.get(page), ...lines }),
      forget: async (page, names) => {
        for (const name of names) delete pages.get(page)?.[name];
      },
    },
    log: createLogger({ service: "test", level: "silent", file: "" }),
    metrics: recordedMetrics(),
    now,
    pass: (ms) => {
      time += ms;
    },
    forgetAll: () => pages.clear(),
    async close() {
      await engine.close();
      await records.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The document of a crash, collected at that time. */
export function documentAt(
  number: number,
  at: Date,
  fields: Readonly<Record<string, unknown>> = {},
): SearchDocument {
  const head = number.toString(16).padStart(8, "0");
  const uuid = newCrashId(`${head}-0000-4000-8000-000000000000`, at, 0);
  return searchDocument({ uuid, date_processed: at.toISOString(), signature: "brew", ...fields });
}
