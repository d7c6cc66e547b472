import { MaydayError } from "@mayday/crash";

const MAX_BYTES = 1024;

/**
 * Lets a key through that every store can hold: parts of printable characters without `\`, none empty, `.` or `..`,
 * 255 bytes a part (file systems), 1024 in all (S3).
 * @throws {MaydayError} STORAGE_BAD_KEY
 */
export function checkKey(key: string): string {
  const parts = key.split("/");
  const fits = Buffer.byteLength(key) <= MAX_BYTES && parts.every(isPart);
  if (!fits) throw new MaydayError("STORAGE_BAD_KEY");
  return key;
}

function isPart(part: string): boolean {
  if (part === "" || part === "." || part === "..") return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return Buffer.byteLength(part) <= 255 && !/[\u0000-\u001f\u007f\\]/.test(part);
}
