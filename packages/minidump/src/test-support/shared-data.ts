import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = process.env["MAYDAY_SHARED_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data");

/** Whether the folder of real inputs has all of `paths`. */
export function hasSharedData(...paths: readonly string[]): boolean {
  return paths.every((path) => existsSync(join(root, path)));
}

/** A real input's bytes. */
export function sharedData(path: string): Uint8Array {
  return readFileSync(join(root, path));
}

/** A real input, parsed from JSON. */
export function sharedJson(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}
