import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = process.env["MAYDAY_SHARED_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data");

/** The path of a real input; undefined where the folder of real inputs is absent. */
export function sharedData(path: string): string | undefined {
  const whole = join(root, path);
  return existsSync(whole) ? whole : undefined;
}

/** A field of a multipart body as a client sent it. */
export function partOf(bodyPath: string, name: string): Buffer {
  const body = readFileSync(bodyPath);
  const boundary = body.subarray(0, body.indexOf("\r\n"));
  const start = body.indexOf("\r\n\r\n", body.indexOf(`name="${name}"`)) + 4;
  return body.subarray(start, body.indexOf(Buffer.concat([Buffer.from("\r\n"), boundary]), start));
}
