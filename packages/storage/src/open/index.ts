export { type CrashStoreSettings, openCrashObjects, openCrashPacks } from "./open-crash-objects.ts";
