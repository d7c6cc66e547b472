/** Writes the pages that are printed from code; with `--check` says which ones are stale. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { dashboardFiles } from "../infra/grafana/dashboards.ts";
import { configPage } from "./gen/config-page.ts";
import { errorsPage } from "./gen/errors-page.ts";
import { architecturePage } from "./gen/house.ts";
import { metricsPage } from "./gen/metrics-page.ts";
import { scalePage } from "./gen/scale-page.ts";
import { schemaPage } from "./gen/schema-page.ts";

const pages: Readonly<Record<string, () => string>> = {
  "ARCHITECTURE.md": architecturePage,
  "docs/config.md": configPage,
  "docs/errors.md": errorsPage,
  "docs/metrics.md": metricsPage,
  "docs/scale.md": scalePage,
  "docs/schema.md": schemaPage,
  ...Object.fromEntries(Object.entries(dashboardFiles()).map(([path, text]) => [path, () => text])),
};

let stale = 0;
for (const [path, make] of Object.entries(pages)) {
  const page = make();
  if (process.argv.includes("--check")) {
    if (read(path) === page) continue;
    console.error(`${path} is stale: run npm run gen`);
    stale++;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, page);
  }
}
process.exit(stale === 0 ? 0 : 1);

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
