import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";

const root = process.env["MAYDAY_SHARED_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data");

/** Where a path of the folder of real inputs is. */
export function sharedPath(path: string): string {
  return join(root, path);
}

/** Whether the folder of real inputs has all of `paths`. */
export function hasSharedData(...paths: readonly string[]): boolean {
  return paths.every((path) => existsSync(sharedPath(path)));
}

/** The documents of a gzipped file of JSON lines. */
export function sharedJsonLines<T>(path: string): T[] {
  const text = gunzipSync(readFileSync(sharedPath(path))).toString("utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}
