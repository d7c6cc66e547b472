export { type CrashStorage, createCrashStorage, type StoredReport } from "./crash-storage.ts";
export { checkKey } from "./key.ts";
export type { ObjectInfo, ObjectStore } from "./object-store.ts";
export { createSymbolStorage, isSymbolKey, type SymbolKey, type SymbolStorage } from "./symbol-storage.ts";
