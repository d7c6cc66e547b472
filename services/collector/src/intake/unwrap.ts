import { promisify } from "node:util";
import { constants, gunzip, gunzipSync, zstdDecompress } from "node:zlib";
import { isDumpName, isMinidump, type ReportFile } from "./dump-names.ts";
import { shown } from "./form-part.ts";
import { boundaryAtStart } from "./multipart.ts";

/** What files may be unwrapped with. */
export interface Unwrap {
  /** How many more bytes a report may take when it is decompressed. */
  maxBytes: number;
  /** Told of bytes that are in memory now. */
  readonly onBytes: (bytes: number) => void;
}

/** What is in a file. */
export interface Unwrapped {
  readonly bytes: Buffer;
  /** The boundary, when it is a multipart body. */
  readonly multipart: string | undefined;
  readonly notes: readonly string[];
}

/** Nobody wraps a dump more often. */
const MOST_LAYERS = 3;

const decoders = {
  gzip: promisify(gunzip),
  zstd: promisify(zstdDecompress),
};
type Layer = keyof typeof decoders;

/**
 * Finds the minidump in a file that was compressed on its way, or that is a whole multipart body. Files that are called dumps
 * and are none have a note that says what they are; others that hold no minidump are left as they are, since gzip may be
 * what they mean to be.
 */
export async function unwrap(file: ReportFile, unwrapping: Unwrap): Promise<Unwrapped> {
  const asItCame = { bytes: file.bytes, multipart: undefined, notes: [] };
  if (isMinidump(file.bytes)) return asItCame;
  const isNamedDump = isDumpName(file.name);
  const name = shown(file.name) || "a part without a name";
  const notes: string[] = [];
  let { bytes } = file;
  for (let layers = 0; layers < MOST_LAYERS; layers++) {
    const layer = layerOf(bytes);
    if (layer === undefined || (!isNamedDump && !mayHoldDump(bytes, layer))) break;
    try {
      bytes = await decoders[layer](bytes, { maxOutputLength: Math.max(unwrapping.maxBytes, 1) });
    } catch {
      const why = "it is damaged, or too large when decompressed";
      return { ...asItCame, notes: isNamedDump ? [`${name} is ${layer} and was kept so: ${why}`] : [] };
    }
    unwrapping.maxBytes -= bytes.length;
    unwrapping.onBytes(bytes.length);
    notes.push(`decompressed ${name}, which was ${layer}`);
  }
  if (isMinidump(bytes)) return { bytes, multipart: undefined, notes };
  const multipart = isNamedDump ? boundaryAtStart(bytes) : undefined;
  if (multipart !== undefined) return { bytes, multipart, notes };
  return { ...asItCame, notes: isNamedDump ? [`${name} is no minidump: it is ${kindOf(file.bytes)}`] : [] };
}

function layerOf(bytes: Buffer): Layer | undefined {
  if (bytes.length < 4) return undefined;
  if (bytes.readUInt16BE(0) === 0x1f8b) return "gzip";
  return bytes.readUInt32LE(0) === 0xfd2fb528 ? "zstd" : undefined;
}

const PEEKED_BYTES = 4096;

/** Whether a minidump, or one that is wrapped once more, is in compressed bytes, as far as their beginning tells. */
function mayHoldDump(bytes: Buffer, layer: Layer): boolean {
  if (layer === "zstd") return true;
  try {
    const start = gunzipSync(bytes.subarray(0, PEEKED_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
    return isMinidump(start) || layerOf(start) !== undefined;
  } catch {
    return false;
  }
}

/** Names of files by how they begin, in hexadecimal. */
const beginnings: readonly (readonly [start: string, kind: string])[] = [
  ["1f8b", "gzip"],
  ["28b52ffd", "zstd"],
  ["504b0304", "a zip archive"],
  ["fd377a585a00", "xz"],
  ["425a68", "bzip2"],
  ["377abcaf271c", "a 7z archive"],
  ["7f454c46", "an ELF file"],
  ["cffaedfe", "a Mach-O file"],
  ["cefaedfe", "a Mach-O file"],
  ["5041474544553634", "a dump of the Windows kernel"],
  ["5041474544554d50", "a dump of the Windows kernel"],
  ["89504e47", "a PNG picture"],
  ["2d2d", "a multipart body that cannot be read"],
];

function kindOf(bytes: Buffer): string {
  if (bytes.length === 0) return "empty";
  const start = bytes.toString("hex", 0, 8);
  const known = beginnings.find(([beginning]) => start.startsWith(beginning));
  return (
    known?.[1] ??
    (bytes.subarray(0, 256).every((byte) => byte >= 9 && byte < 127) ? "text" : "of no known kind")
  );
}
