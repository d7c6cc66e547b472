export { openFsObjectStore } from "./fs-object-store.ts";
