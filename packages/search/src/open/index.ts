import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openDuckDbEngine } from "../duckdb/index.ts";
import type { SearchEngine } from "../engine.ts";
import { openOpenSearchEngine } from "../opensearch/index.ts";

/**
 * Moves a shared index whose mapping is of an older Mayday to this one's, beside all other work; waits while another
 * process does it. The embedded one is brought up to date when it is opened.
 * @param signal ends it; the week that is being moved stays as it was
 * @returns the weeks that were moved by this call; `p` before those of pings
 * @throws MaydayError SEARCH_UNAVAILABLE
 */
export async function migrateConfiguredIndex(
  settings: SearchEngineSettings,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (settings.SEARCH_ENGINE !== "opensearch") return [];
  const engine = openOpenSearchEngine({ url: settings.SEARCH_URL });
  try {
    return await engine.migrate(signal);
  } finally {
    await engine.close();
  }
}

/** What settings say of the search engine; see `searchSettings` of @mayday/config. */
export interface SearchEngineSettings {
  readonly MAYDAY_DATA_DIR: string;
  readonly SEARCH_ENGINE: "duckdb" | "opensearch";
  readonly SEARCH_URL: string;
}

/**
 * Opens the search engine that settings name.
 * @param memoryLimitMb what the embedded one may use, MiB
 */
export async function openConfiguredEngine(
  settings: SearchEngineSettings,
  memoryLimitMb?: number,
): Promise<SearchEngine> {
  if (settings.SEARCH_ENGINE === "opensearch") return openOpenSearchEngine({ url: settings.SEARCH_URL });
  // With crashes in a bucket nobody else makes it.
  await mkdir(settings.MAYDAY_DATA_DIR, { recursive: true });
  const path = join(settings.MAYDAY_DATA_DIR, "search.duckdb");
  return openDuckDbEngine(memoryLimitMb === undefined ? { path } : { path, memoryLimitMb });
}
