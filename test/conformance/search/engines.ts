import { openDuckDbEngine } from "../../../packages/search/src/duckdb/index.ts";
import type { SearchEngine } from "../../../packages/search/src/index.ts";
import { openOpenSearchEngine } from "../../../packages/search/src/opensearch/index.ts";
import { startOpenSearch } from "../../../packages/search/src/test-support/opensearch-server.ts";

/** Empty engines by name, that keep a crash in each week in which it once was: as Crash Stats' index does. */
export const engines: Readonly<Record<string, () => Promise<SearchEngine | undefined>>> = {
  duckdb: () => openDuckDbEngine({ path: ":memory:", isKeptByWeek: true }),
  async opensearch() {
    const server = await startOpenSearch();
    if (server === undefined) return undefined;
    const prefix = `conformance-${Date.now().toString(36)}-`;
    const engine = openOpenSearchEngine({ url: server.url, prefix, isKeptByWeek: true });
    return {
      ...engine,
      async close() {
        await engine.dropWeeksBefore("999999");
        await engine.close();
        await server.stop();
      },
    };
  },
};
