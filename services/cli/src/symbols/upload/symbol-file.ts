import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { inflated, symbolFilePath } from "@mayday/symbols";

/** A symbol file that is to be uploaded. */
export interface UploadableFile {
  readonly path: string;
  /** Where it belongs in a symbol server. */
  readonly key: string;
  /** Of its text. */
  readonly size: number;
  readonly md5: string;
}

const HEAD_BYTES = 64 * 1024;

/** The text of a symbol file, whether it is compressed or not. */
export function textOf(path: string): AsyncIterable<Uint8Array> {
  return inflated(createReadStream(path, { highWaterMark: 1024 * 1024 }));
}

/** Reads a symbol file whole. @returns why it cannot be uploaded, where it cannot */
export async function readSymbolFile(path: string): Promise<UploadableFile | string> {
  const md5 = createHash("md5");
  let size = 0;
  let head = Buffer.alloc(0);
  try {
    for await (const chunk of textOf(path)) {
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
      md5.update(chunk);
      size += chunk.length;
    }
  } catch (error) {
    return (error as Error).message;
  }
  const [, debugId = "", debugFile = ""] =
    /^\ufeff?MODULE \S+ \S+ ([0-9A-Fa-f]+) ([^\r\n]+)/.exec(head.toString("utf8")) ?? [];
  const place = symbolFilePath({ debugFile: debugFile.trim(), debugId });
  if (place === undefined) return "its MODULE record names no module";
  const key = `${place.debugFile}/${place.debugId.toUpperCase()}/${place.symbolFile}`;
  return { path, key, size, md5: md5.digest("hex") };
}
