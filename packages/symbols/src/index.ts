export { BlockCache } from "./block-cache.ts";
export type { Output } from "./block-writer.ts";
export { buildSymcache, type Expectation } from "./build-symcache.ts";
export { ByteBudget, isOverBudget } from "./byte-budget.ts";
export type { CfiExpression, CfiRules, CfiStep } from "./cfi-rules.ts";
export { isCurrentSymcache } from "./current-symcache.ts";
export { inflated } from "./inflate.ts";
export { SpillingFile } from "./spilling-file.ts";
export { type StoredSymbolFiles, storedSource } from "./stored-source.ts";
export {
  type ModuleIdentity,
  type SymbolFilePath,
  symbolFilePath,
  symcacheFile,
} from "./symbol-file-path.ts";
export type {
  InlinedFunction,
  SourcePlace,
  SymbolHit,
  SymbolLookups,
  WindowsFrame,
} from "./symbol-lookups.ts";
export type { DebugInfo, FoundSymbolFile, SymbolSource } from "./symbol-source.ts";
export { isSymbolServer, symbolSources } from "./symbol-sources.ts";
export {
  createSymbolSupply,
  retryDamaged,
  type SupplyEvent,
  type SymbolSupply,
  type SymbolSupplyOptions,
  type SymbolsEntry,
} from "./symbol-supply.ts";
export {
  findModules,
  type ModuleSymbols,
  moduleName,
  type SymbolicatedFrame,
  type SymbolicatedJob,
  symbolicate,
  symbolicateJobs,
  symbolicateStacks,
  usedModules,
} from "./symbolicate.ts";
export {
  NOT_JSON,
  type RequestedFrame,
  readSymbolicateJob,
  readSymbolicateRequest,
  type SymbolicateJob,
} from "./symbolicate-request.ts";
export { Symcache } from "./symcache.ts";
export { bytesOfFile, type SymcacheBytes } from "./symcache-bytes.ts";
export { type SymcacheFolder, type SymcacheFolderOptions, symcacheFolder } from "./symcache-folder.ts";
export type { SymcacheInfo } from "./symcache-format.ts";
export { writeWholeFile } from "./write-whole-file.ts";
