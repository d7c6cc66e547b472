import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, createMetrics } from "../../../packages/observability/src/index.ts";
import { openRecords } from "../../../packages/records/src/open/index.ts";
import type { SearchEngine } from "../../../packages/search/src/index.ts";
import type { WebappParts } from "../../../services/webapp/src/parts.ts";
import { createWebapp } from "../../../services/webapp/src/webapp.ts";

/** The present when the answers were recorded, and the products that were configured. */
export const NOW = new Date("2026-11-29T12:00:00Z");
const PRODUCTS = ["Fenix", "Firefox", "Focus", "MozillaVPN", "ReferenceBrowser", "Thunderbird"];

/** The API over an engine. */
export interface Askable {
  ask(
    endpoint: string,
    query: string,
    permissions: readonly string[],
  ): Promise<{ readonly status: number; readonly text: string }>;
  close(): Promise<void>;
}

/** The webapp's API, one for viewers with and one for viewers without the permission to see what is protected. */
export async function askable(engine: SearchEngine, parity: boolean): Promise<Askable> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-search-"));
  const records = await openRecords({ MAYDAY_DATA_DIR: folder, DATABASE_URL: "" });
  const server = (permissions: readonly "view_pii"[]) =>
    createWebapp({
      engine,
      records,
      log: createLogger({ service: "webapp", level: "silent", file: "" }),
      metrics: createMetrics(),
      granted: { permissions: new Set(permissions), hosts: [] },
      search: { parity, products: new Set(PRODUCTS) },
      now: () => NOW,
    } as unknown as WebappParts);
  const [nobody, trusted] = [server([]), server(["view_pii"])];
  return {
    async ask(endpoint, query, permissions) {
      const asked = permissions.includes("view_pii") ? trusted : nobody;
      const answer = await asked.inject({
        method: "GET",
        url: `/api/${endpoint}/?${query}`,
        headers: { host: "localhost" },
      });
      return { status: answer.statusCode, text: answer.body };
    },
    close: async () => {
      await Promise.all([nobody.close(), trusted.close()]);
      await records.close();
      rmSync(folder, { recursive: true });
    },
  };
}
