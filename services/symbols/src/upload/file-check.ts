import { createHash } from "node:crypto";
import type { FileFacts, SymHeader } from "../uploads/uploads.ts";
import { SymHeadReader } from "./sym-header.ts";

/** What reading a file whole told of it. */
export interface CheckedFile extends FileFacts {
  /** Of symbol files. */
  readonly header?: SymHeader;
}

/** Whether a file is a symbol file, which is kept compressed and has a symcache. */
export function isSymbolFile(name: string): boolean {
  return name.endsWith(".sym");
}

/** Reads a file whole, as it was before it was compressed. */
export async function checkFile(name: string, bytes: AsyncIterable<Uint8Array>): Promise<CheckedFile> {
  const md5 = createHash("md5");
  const head = isSymbolFile(name) ? new SymHeadReader() : undefined;
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    md5.update(chunk);
    head?.write(chunk);
  }
  const header = head?.header();
  return { size, md5: md5.digest("hex"), ...(header && { header }) };
}
