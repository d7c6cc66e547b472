import { afterAll, beforeAll, describe } from "vitest";
import { searchEngineConformance } from "../conformance.ts";
import { hasOpenSearch, type OpenSearchServer, startOpenSearch } from "../test-support/opensearch-server.ts";
import { openOpenSearchEngine } from "./index.ts";

let server: OpenSearchServer | undefined;
let serial = 0;

describe.skipIf(!hasOpenSearch())("the OpenSearch engine (needs SEARCH_URL, or Maven and Java 21)", () => {
  beforeAll(async () => {
    server = await startOpenSearch();
  }, 120_000);
  afterAll(() => server?.stop());

  searchEngineConformance(async () => {
    serial += 1;
    const prefix = `test-${process.pid}-${serial}-`;
    const { url } = server!;
    const engine = openOpenSearchEngine({ url, prefix });
    return {
      ...engine,
      async close() {
        await engine.close();
        await openOpenSearchEngine({ url, prefix }).dropWeeksBefore("999999");
      },
    };
  });
});
