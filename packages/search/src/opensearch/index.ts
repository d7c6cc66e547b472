export { type OpenSearchEngine, type OpenSearchOptions, openOpenSearchEngine } from "./engine.ts";
