export { hasPacks, openPackObjectStore } from "./pack-object-store.ts";
