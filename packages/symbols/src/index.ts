export { buildSymcache, type Expectation } from "./build-symcache.ts";
export { inflated } from "./inflate.ts";
export { type ModuleIdentity, type SymbolFilePath, symbolFilePath } from "./symbol-file-path.ts";
export type { FoundSymbolFile, SymbolSource } from "./symbol-source.ts";
export { isSymbolServer, symbolSources } from "./symbol-sources.ts";
export {
  createSymbolSupply,
  type SupplyEvent,
  type SymbolSupply,
  type SymbolSupplyOptions,
  type SymbolsEntry,
} from "./symbol-supply.ts";
export { type InlinedFunction, type SourcePlace, type SymbolHit, Symcache } from "./symcache.ts";
export { type SymcacheFolder, symcacheFolder } from "./symcache-folder.ts";
export type { SymcacheInfo } from "./symcache-format.ts";
