import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openDuckDbEngine } from "../duckdb/index.ts";
import type { SearchEngine } from "../engine.ts";
import { openOpenSearchEngine } from "../opensearch/index.ts";

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
