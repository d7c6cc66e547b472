import { openDuckDbEngine } from "../../../packages/search/src/duckdb/index.ts";
import type { SearchEngine } from "../../../packages/search/src/index.ts";

/** Empty engines by name, that keep a crash in each week in which it once was: as Crash Stats' index does. */
export const engines: Readonly<Record<string, () => Promise<SearchEngine>>> = {
  duckdb: () => openDuckDbEngine({ path: ":memory:", isKeptByWeek: true }),
};
