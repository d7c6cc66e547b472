export { openFsObjectStore } from "./fs-object-store.ts";
export { syncFolder } from "./sync-folder.ts";
