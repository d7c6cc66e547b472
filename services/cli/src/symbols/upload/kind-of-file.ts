import { open } from "node:fs/promises";
import { gunzipSync, constants as zlib, zstdDecompressSync } from "node:zlib";

/** What a file is to who uploads symbols. `native`: code or debug information from which symbols can be made. */
export type FileKind = "symbols" | "archive" | "native" | "other";

const HEAD_BYTES = 4096;

/** The first bytes of ELF, PE, Mach-O (either width, either end, and several in one) and PDB files. */
const NATIVE = [
  "7f454c46",
  "4d5a",
  "cefaedfe",
  "cffaedfe",
  "feedface",
  "feedfacf",
  "cafebabe",
  Buffer.from("Microsoft C/C++ MSF 7.00").toString("hex"),
];

/** Tells what a file is by its first bytes, whatever its name. */
export async function kindOfFile(path: string): Promise<FileKind> {
  const head = await headOf(path);
  const hex = head.toString("hex");
  if (hex.startsWith("504b0304") || hex.startsWith("504b0506")) return "archive";
  if (NATIVE.some((magic) => hex.startsWith(magic))) return "native";
  return /^(?:\ufeff)?MODULE /.test(inflatedHead(head).toString("utf8")) ? "symbols" : "other";
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What a file that may be compressed begins with; empty where that cannot be told. */
function inflatedHead(head: Buffer): Buffer {
  try {
    if (head.subarray(0, 2).equals(Buffer.of(0x1f, 0x8b))) {
      return gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH });
    }
    if (head.subarray(0, 4).equals(Buffer.of(0x28, 0xb5, 0x2f, 0xfd))) {
      return zstdDecompressSync(head, { finishFlush: zlib.ZSTD_e_flush });
    }
    return head;
  } catch {
    return Buffer.alloc(0);
  }
}
