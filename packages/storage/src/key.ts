import { MaydayError } from "@mayday/errors";

const MAX_BYTES = 1024;
const MAX_PART_BYTES = 255;
/** Of UTF-8 for a unit of UTF-16. */
const MOST_BYTES_A_UNIT = 3;

/**
 * Lets a key through that every store can hold: parts of printable characters without `\`, none empty, `.` or `..`,
 * 255 bytes a part (file systems), 1024 in all (S3).
 * @throws {MaydayError} STORAGE_BAD_KEY
 */
export function checkKey(key: string): string {
  if (!isWithin(MAX_BYTES, key) || !key.split("/").every(isPart)) throw new MaydayError("STORAGE_BAD_KEY");
  return key;
}

function isPart(part: string): boolean {
  if (part === "" || part === "." || part === "..") return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return isWithin(MAX_PART_BYTES, part) && !/[\u0000-\u001f\u007f\\]/.test(part);
}

/** Nearly all are so short that their bytes need no counting. */
function isWithin(bytes: number, text: string): boolean {
  return text.length * MOST_BYTES_A_UNIT <= bytes || Buffer.byteLength(text) <= bytes;
}
