import type { ByteReader } from "../bytes/byte-reader.ts";
import { guidText } from "./debug-id.ts";

/** What a module's CodeView record tells about its debug information. */
export type CodeView =
  /** `guid`: 32 upper-case hex digits. */
  | { readonly kind: "pdb70"; readonly guid: string; readonly age: number; readonly name: string }
  | { readonly kind: "pdb20"; readonly signature: number; readonly age: number; readonly name: string }
  | { readonly kind: "elf"; readonly buildId: Uint8Array };

const rsds = 0x5344_5352;
const nb10 = 0x3031_424e;
/** Breakpad's own record, "BpEL", for ELF build ids. */
const elf = 0x4270_454c;

const utf8 = new TextDecoder();

/** Reads a CodeView record. undefined when it is too short or of a kind nobody writes into minidumps. */
export function readCodeView(record: ByteReader): CodeView | undefined {
  if (record.length < 4) return undefined;
  const magic = record.u32(0);
  if (magic === rsds && record.length >= 24) {
    const guid = guidText(record.range(4, 16)!);
    return { kind: "pdb70", guid, age: record.u32(20), name: textFrom(record, 24) };
  }
  if (magic === nb10 && record.length >= 16) {
    return { kind: "pdb20", signature: record.u32(8), age: record.u32(12), name: textFrom(record, 16) };
  }
  if (magic === elf) return { kind: "elf", buildId: record.bytes(4) };
  return undefined;
}

/** The text from `at` to the first NUL, or to the end. */
function textFrom(record: ByteReader, at: number): string {
  const end = record.indexOf(0, at);
  return utf8.decode(record.bytes(at, end < 0 ? undefined : end));
}
