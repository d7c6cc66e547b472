export {
  type CrashStoreSettings,
  openCrashObjects,
  openSymbolObjects,
  type SymbolStoreSettings,
} from "./open-stores.ts";
