import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const root = process.env["MAYDAY_SHARED_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data");

/** The path of a real input; undefined where the folder of real inputs is absent. */
export function sharedData(path: string): string | undefined {
  const whole = join(root, path);
  return existsSync(whole) ? whole : undefined;
}
