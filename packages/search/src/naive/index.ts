export { openNaiveEngine } from "./naive-engine.ts";
