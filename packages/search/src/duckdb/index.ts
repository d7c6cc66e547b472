export { type DuckDbEngine, type DuckDbOptions, openDuckDbEngine } from "./engine.ts";
export { writeParquet } from "./parquet.ts";
