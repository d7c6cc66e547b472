import type { SynthFile } from "./synth-file.ts";

/** The machine and system of a dump. Numbers are those of the format. */
export interface SynthSystem {
  /** 9 (amd64) unless given. */
  readonly arch?: number;
  /** 33281 (Linux) unless given. */
  readonly platform?: number;
  readonly level?: number;
  readonly revision?: number;
  readonly cpuCount?: number;
  /** Major, minor, build. */
  readonly version?: readonly [number, number, number];
  /** The CSD string: service pack, build, or `uname` text. */
  readonly text?: string;
  /** The 24 bytes that each processor uses in its own way. */
  readonly cpuWords?: readonly number[];
}

/** The SystemInfo stream. */
export function synthSystemInfo(file: SynthFile, system: SynthSystem): Uint8Array {
  const words = system.cpuWords ?? [];
  const text = system.text === undefined ? 0 : file.string(system.text);
  return file
    .bytes()
    .u16(system.arch ?? 9)
    .u16(system.level ?? 0)
    .u16(system.revision ?? 0)
    .u8(system.cpuCount ?? 0)
    .u8(0)
    .u32(...(system.version ?? [0, 0, 0]))
    .u32(system.platform ?? 33281, text, 0)
    .u32(...words, ...Array.from({ length: 6 - words.length }, () => 0))
    .finish();
}

/** The MiscInfo stream: each field that is given also sets its flag. */
export interface SynthMiscInfo {
  readonly pid?: number;
  /** Create time (seconds since 1970), user and kernel time in seconds. */
  readonly times?: readonly [number, number, number];
  /** Maximal and current MHz. */
  readonly power?: readonly [number, number];
  readonly integrityLevel?: number;
  readonly executeFlags?: number;
  readonly protectedProcess?: number;
  readonly timeZone?: { readonly id: number; readonly name: string };
  readonly processCookie?: number;
  /** Build of the system and of the debugging library. */
  readonly builds?: readonly [string, string];
  /** Bytes to write of the structure: 832, or 1364 with a cookie, unless given. */
  readonly size?: number;
}

export function synthMiscInfo(file: SynthFile, info: SynthMiscInfo): Uint8Array {
  const flags =
    (info.pid === undefined ? 0 : 1) +
    (info.times === undefined ? 0 : 2) +
    (info.power === undefined ? 0 : 4) +
    (info.integrityLevel === undefined ? 0 : 16) +
    (info.executeFlags === undefined ? 0 : 32) +
    (info.timeZone === undefined ? 0 : 64) +
    (info.protectedProcess === undefined ? 0 : 128) +
    (info.builds === undefined ? 0 : 256) +
    (info.processCookie === undefined ? 0 : 512);
  const size = info.size ?? (info.processCookie === undefined ? 832 : 1364);
  const [system, debug] = info.builds ?? ["", ""];
  const bytes = file.bytes().u32(size, flags, info.pid ?? 0, ...(info.times ?? [0, 0, 0]));
  bytes.u32(...(info.power ?? [0, 0]), 0, 0, 0);
  bytes.u32(
    info.integrityLevel ?? 0,
    info.executeFlags ?? 0,
    info.protectedProcess ?? 0,
    info.timeZone?.id ?? 0,
  );
  bytes
    .u32(0)
    .utf16((info.timeZone?.name ?? "").padEnd(32, "\0"))
    .zeros(104);
  bytes.utf16(system.padEnd(260, "\0")).utf16(debug.padEnd(40, "\0"));
  bytes.zeros(528).u32(info.processCookie ?? 0);
  return bytes.finish().slice(0, size);
}
