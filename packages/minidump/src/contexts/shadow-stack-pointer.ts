import type { ByteReader } from "../bytes/byte-reader.ts";

/** Behind AMD64's CONTEXT lies a CONTEXT_EX where its flags have CONTEXT_XSTATE (winnt.h). */
const CONTEXT_BYTES = 1232;
const FLAGS_AT = 0x30;
const XSTATE_FLAG = 0x40;
/** In CONTEXT_EX: the offset of the extended state from CONTEXT_EX's begin, and its bytes. */
const XSTATE_CHUNK_AT = 16;

/** XSAVE_AREA_HEADER: which features are there, and which have room, in bits; bit 63: without gaps (Intel SDM 1, 13.4). */
const HEADER_BYTES = 64;
const CET_U = 11;
/** Bytes of the features that may lie before CET_U, by their bit. */
const FEATURE_BYTES: Readonly<Record<number, number>> = {
  2: 256,
  3: 64,
  4: 64,
  5: 64,
  6: 512,
  7: 1024,
  8: 128,
  9: 8,
  10: 8,
};

/** Where the thread's shadow stack ends (SSP), as Windows and Crashpad write it; undefined where it is not told. */
export function shadowStackPointer(record: ByteReader): bigint | undefined {
  if ((record.u32(FLAGS_AT) & XSTATE_FLAG) === 0) return undefined;
  const chunk = record.range(CONTEXT_BYTES + XSTATE_CHUNK_AT, 8);
  if (chunk === undefined) return undefined;
  const state = record.range(CONTEXT_BYTES + (chunk.u32(0) | 0), chunk.u32(4));
  if (state === undefined || state.length < HEADER_BYTES) return undefined;
  const [present, room] = [state.u64(0), state.u64(8)];
  // Only the form without gaps has it: it is a state of the supervisor.
  if (!hasBit(present, CET_U) || !hasBit(room, CET_U) || !hasBit(room, 63)) return undefined;
  let at = HEADER_BYTES;
  for (let bit = 2; bit < CET_U; bit++) if (hasBit(room, bit)) at += FEATURE_BYTES[bit] ?? 0;
  // IA32_U_CET, then IA32_PL3_SSP.
  return state.range(at, 16)?.u64(8) || undefined;
}

function hasBit(bits: bigint, bit: number): boolean {
  return ((bits >> BigInt(bit)) & 1n) === 1n;
}
