export { compressedJson, compressedLines, linesOf } from "./compressed-text.ts";
export {
  type CrashStorage,
  createCrashStorage,
  reportObjects,
  type StoredReport,
  type WrittenRawCrash,
} from "./crash-storage.ts";
export { syncFolder } from "./fs/sync-folder.ts";
export { checkKey } from "./key.ts";
export { isSensible, type MissedModule, type Missing, type MissingModules } from "./missing-modules.ts";
export type { ObjectInfo, ObjectStore, StoredObject } from "./object-store.ts";
export { closeObject, type ObjectFile, type OpenObject, type Room, readInto } from "./open-object.ts";
export { createPingStorage, type PingBatch, type PingStorage, pingBatches } from "./ping-batches.ts";
export { dayOfPingKey, listPings, loadPing, pingObject, type StoredPing } from "./ping-storage.ts";
export { storedMissing } from "./stored-missing.ts";
export { type ExpiredSymbols, expireSymbols, type SymbolExpiry } from "./symbol-expiry.ts";
export {
  createSymbolStorage,
  isSymbolKey,
  type SymbolKey,
  type SymbolStorage,
  type SymbolTree,
} from "./symbol-storage.ts";
export { forgetUsed, type UsedSymbols, usedSymbols } from "./used-symbols.ts";
export { withZstdDumps } from "./zstd-dumps.ts";
