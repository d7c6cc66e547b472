export { type DuckDbEngine, type DuckDbOptions, openDuckDbEngine } from "./engine.ts";
