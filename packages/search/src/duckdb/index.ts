export { type DuckDbEngine, type DuckDbOptions, openDuckDbEngine } from "./engine.ts";
export { writeParquet } from "./parquet.ts";
export { readUsageRows, type UsageRow } from "./usage-rows.ts";
