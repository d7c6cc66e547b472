export { openPackObjectStore } from "./pack-object-store.ts";
