import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CrashId } from "@mayday/crash";
import { searchDocument } from "@mayday/search";
import { openDuckDbEngine } from "@mayday/search/duckdb";
import { startWebapp } from "@mayday/webapp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idsByIndex, idsByWebapp } from "./searched-ids.ts";

/** More than two pages of either. */
const FOUND = 2300;
const ids = Array.from(
  { length: FOUND },
  (_, index) => `${index.toString(16).padStart(8, "0")}-0000-4000-8000-000000261101` as CrashId,
);
const QUERY = "product=Teapot&date=>=2026-11-01&date=<2026-11-02&_columns=signature&_facets=product";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mayday-searched-"));
  const engine = await openDuckDbEngine({ path: join(folder, "search.duckdb") });
  const date_processed = "2026-11-01T12:00:00+00:00";
  const teapots = ids.map((uuid) => ({ uuid, date_processed, product: "Teapot" }));
  const kettle = { uuid: ids[0]!.replace(/^0/, "f"), date_processed, product: "Kettle" };
  await engine.add([...teapots, kettle].map(searchDocument));
  await engine.close();
});
afterAll(() => rm(folder, { recursive: true }));

describe("the crashes that a search finds", () => {
  it("come from the index, page by page", async () => {
    const engine = await openDuckDbEngine({ path: join(folder, "search.duckdb") });
    const found = await Array.fromAsync(idsByIndex(engine, QUERY));
    await engine.close();
    expect(found.toSorted()).toEqual(ids);
  });

  it("come from a webapp, page by page", async () => {
    const webapp = await startWebapp({
      WEBAPP_PORT: "0",
      MAYDAY_DATA_DIR: folder,
      REDIS_URL: "redis://127.0.0.1:1",
      LOG_LEVEL: "silent",
    });
    const found = await Array.fromAsync(idsByWebapp(webapp.url, QUERY)).finally(() => webapp.stop());
    expect(found.toSorted()).toEqual(ids);
  });

  it("are none, with an error, where no webapp answers", async () => {
    await expect(Array.fromAsync(idsByWebapp("http://127.0.0.1:1", QUERY))).rejects.toThrow(
      expect.objectContaining({ code: "SEARCH_UNAVAILABLE" }),
    );
  });
});
