import { isExactNumber } from "@mayday/crash";
import { isSymbolKey, type SymbolKey } from "@mayday/storage";
import { keyOfText } from "../uploads/uploads.ts";
import { UploadProblem } from "./upload-problem.ts";

/** A file that a client has, as it tells: size and MD5 are of the bytes before they are compressed. */
export interface PlannedFile {
  readonly key: string;
  readonly size: number;
  readonly md5: string;
}

const MAX_FILES = 1024;
const MALFORMED = "malformed JSON request body";

/** Reads the files that a client wants to upload. @throws {UploadProblem} in Tecken's words */
export function readPlan(body: unknown): PlannedFile[] {
  const { files } = isObject(body) ? body : {};
  if (!Array.isArray(files)) throw new UploadProblem(MALFORMED);
  const planned = files.map(readFile);
  if (planned.length > MAX_FILES) throw new UploadProblem("too many files");
  const total = planned.reduce((sum, { size }) => sum + size, 0);
  if (total < 0 || total > 2 ** 63) throw new UploadProblem("the sizes are no sizes of files");
  return planned;
}

function readFile(file: unknown): PlannedFile {
  const { key, size, md5_hash: md5 } = isObject(file) ? file : {};
  const number = sizeOf(size);
  if (typeof key !== "string" || typeof md5 !== "string" || number === undefined) {
    throw new UploadProblem(MALFORMED);
  }
  return { key, size: number, md5 };
}

/** An integer; those that a double does not hold are about right. */
function sizeOf(size: unknown): number | undefined {
  if (isExactNumber(size)) return /^-?\d+$/.test(size.rawJSON) ? Number(size.rawJSON) : undefined;
  return typeof size === "number" && Number.isInteger(size) ? size : undefined;
}

/** The key of a planned file, or why it cannot be uploaded. */
export function keyOf({ key: text, md5 }: PlannedFile): SymbolKey | string {
  const key = keyOfText(text);
  if (key === undefined || !isSymbolKey(key)) return "invalid key";
  return /^[0-9a-f]{32}$/.test(md5) ? key : "invalid MD5 hex digest";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
