import { describe } from "vitest";
import { searchEngineConformance } from "../conformance.ts";
import { openOpenSearchEngine } from "./index.ts";

const url = process.env["SEARCH_URL"];
let serial = 0;

describe.skipIf(url === undefined)(
  "the OpenSearch engine (needs SEARCH_URL: an OpenSearch to make indices in)",
  () => {
    searchEngineConformance(async () => {
      serial += 1;
      const prefix = `test-${process.pid}-${serial}-`;
      const engine = openOpenSearchEngine({ url: url!, prefix });
      return {
        ...engine,
        async close() {
          await engine.close();
          await openOpenSearchEngine({ url: url!, prefix }).dropWeeksBefore("999999");
        },
      };
    });
  },
);
