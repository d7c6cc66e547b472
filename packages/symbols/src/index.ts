export { ByteBudget, isOverBudget } from "./supply/byte-budget.ts";
export { inflated } from "./supply/inflate.ts";
export { type StoredSymbolFiles, storedSource } from "./supply/stored-source.ts";
export {
  type ModuleIdentity,
  type SymbolFilePath,
  symbolFilePath,
  symcacheFile,
} from "./supply/symbol-file-path.ts";
export type { DebugInfo, FoundSymbolFile, SymbolSource } from "./supply/symbol-source.ts";
export { isSymbolServer, symbolSources } from "./supply/symbol-sources.ts";
export {
  createSymbolSupply,
  retryDamaged,
  type SupplyEvent,
  type SymbolSupply,
  type SymbolSupplyOptions,
  type SymbolsEntry,
} from "./supply/symbol-supply.ts";
export { type SymcacheFolder, type SymcacheFolderOptions, symcacheFolder } from "./supply/symcache-folder.ts";
export { writeWholeFile } from "./supply/write-whole-file.ts";
export type { CfiExpression, CfiRules, CfiStep } from "./sym-text/cfi-rules.ts";
export { type SourceLinks, type SourceLocation, sourceLocation } from "./symbolicate/source-location.ts";
export {
  type FindSymbols,
  findModules,
  type ModuleSymbols,
  moduleName,
  type SymbolicatedFrame,
  type SymbolicatedJob,
  symbolicate,
  symbolicateJobs,
  symbolicateStacks,
  usedModules,
} from "./symbolicate/symbolicate.ts";
export {
  NOT_JSON,
  type RequestedFrame,
  readSymbolicateJob,
  readSymbolicateRequest,
  type SymbolicateJob,
} from "./symbolicate/symbolicate-request.ts";
export { buildSymcache, type Expectation } from "./symcache/build/build-symcache.ts";
export { SpillingFile } from "./symcache/build/spilling-file.ts";
export type { Output } from "./symcache/format/block-writer.ts";
export { isCurrentSymcache } from "./symcache/format/current-symcache.ts";
export type { SymcacheInfo } from "./symcache/format/symcache-format.ts";
export { BlockCache } from "./symcache/read/block-cache.ts";
export type {
  InlinedFunction,
  SourcePlace,
  SymbolHit,
  SymbolLookups,
  WindowsFrame,
} from "./symcache/read/symbol-lookups.ts";
export { Symcache } from "./symcache/read/symcache.ts";
export { bytesOfFile, type SymcacheBytes } from "./symcache/read/symcache-bytes.ts";
