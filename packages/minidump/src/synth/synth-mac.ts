import type { SynthFile } from "./synth-file.ts";

/** A record of a library's `__crash_info` section. */
export interface SynthMacCrashRecord {
  /** 1, 4 or 5; later versions add fields. */
  readonly version: number;
  readonly thread?: bigint;
  readonly dialogMode?: bigint;
  readonly abortCause?: bigint;
  /** Module path, message, signature string, backtrace, second message. */
  readonly strings?: readonly [string, string, string, string, string];
}

/** The MozMacosCrashInfo stream. */
export function synthMacCrashInfo(file: SynthFile, records: readonly SynthMacCrashRecord[]): Uint8Array {
  const version = records[0]?.version ?? 5;
  const numbers = version >= 5 ? 40 : version >= 4 ? 32 : 16;
  const stream = file.bytes().u32(0x4d7a0001, records.length, numbers);
  for (let index = 0; index < 20; index++) {
    const record = records[index];
    if (record === undefined) stream.u32(0, 0);
    else {
      const { size, rva } = file.place(recordBytes(file, record));
      stream.u32(size, rva);
    }
  }
  return stream.finish();
}

function recordBytes(file: SynthFile, record: SynthMacCrashRecord): Uint8Array {
  const bytes = file.bytes().u64(0x4d7a0001n, BigInt(record.version));
  if (record.version < 4) return bytes.finish();
  bytes.u64(record.thread ?? 0n, record.dialogMode ?? 0n);
  if (record.version >= 5) bytes.u64(record.abortCause ?? 0n);
  for (const text of record.strings ?? ["", "", "", "", ""]) bytes.utf8(`${text}\0`);
  return bytes.finish();
}

/** The MozMacosBootargs stream. */
export function synthMacBootArgs(file: SynthFile, text: string): Uint8Array {
  return file
    .bytes()
    .u32(0x4d7a0002)
    .u64(BigInt(file.string(text)))
    .finish();
}
