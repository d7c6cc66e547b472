export { type GcsOptions, openGcsObjectStore } from "./gcs-object-store.ts";
