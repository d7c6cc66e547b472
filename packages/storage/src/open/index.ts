export { type CrashStoreSettings, openCrashObjects } from "./open-crash-objects.ts";
