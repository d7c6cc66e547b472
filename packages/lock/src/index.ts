export { tryLock } from "./try-lock.ts";
