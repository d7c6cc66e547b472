import type { SynthBytes } from "./synth-bytes.ts";
import type { Placed, SynthFile } from "./synth-file.ts";

/** A module to put into a dump. At most one of the id fields is used, in the order given here. */
export interface SynthModule {
  readonly base: bigint;
  /** Bytes. */
  readonly size: number;
  /** Full path. */
  readonly name: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly timestamp?: number;
  /** A whole CodeView record. */
  readonly codeView?: Uint8Array;
  /** ELF build id, in hex. */
  readonly buildId?: string;
  /** Debug id as Breakpad writes it, of age 0: becomes an ELF build id of 16 bytes. */
  readonly debugId?: string;
  /** `guid`: 32 hex digits. */
  readonly pdb70?: { readonly guid: string; readonly age: number; readonly name: string };
  readonly pdb20?: { readonly signature: number; readonly age: number; readonly name: string };
  /** File version high and low word, product version high and low word. */
  readonly version?: readonly [number, number, number, number];
}

/** The ModuleList stream. */
export function synthModuleList(file: SynthFile, modules: readonly SynthModule[]): Uint8Array {
  const stream = file.bytes().u32(modules.length);
  for (const module of modules) {
    const codeView = codeViewOf(file, module);
    const placed: Placed = codeView === undefined ? { size: 0, rva: 0 } : file.place(codeView);
    stream.u64(module.base).u32(module.size, 0, module.timestamp ?? 0, file.string(module.name));
    writeVersion(stream, module.version);
    stream.u32(placed.size, placed.rva, 0, 0).u64(0n, 0n);
  }
  return stream.finish();
}

/** The UnloadedModuleList stream. */
export function synthUnloadedModuleList(file: SynthFile, modules: readonly SynthModule[]): Uint8Array {
  const stream = file.bytes().u32(12, 24, modules.length);
  for (const { base, size, timestamp, name } of modules) {
    stream.u64(base).u32(size, 0, timestamp ?? 0, file.string(name));
  }
  return stream.finish();
}

/** VS_FIXEDFILEINFO, all zeros where there is no version. */
function writeVersion(stream: SynthBytes, version: SynthModule["version"]): void {
  if (version === undefined) stream.zeros(52);
  else stream.u32(0xfeef04bd, 65536, ...version).zeros(28);
}

function codeViewOf(file: SynthFile, module: SynthModule): Uint8Array | undefined {
  const { codeView, buildId, debugId, pdb70, pdb20 } = module;
  if (codeView !== undefined) return codeView;
  if (buildId !== undefined) return file.bytes().u32(0x4270454c).raw(Buffer.from(buildId, "hex")).finish();
  if (debugId !== undefined) return guid(file.bytes().u32(0x4270454c), debugId).finish();
  if (pdb70 !== undefined) {
    return guid(file.bytes().u32(0x53445352), pdb70.guid).u32(pdb70.age).utf8(`${pdb70.name}\0`).finish();
  }
  if (pdb20 === undefined) return undefined;
  return file.bytes().u32(0x3031424e, 0, pdb20.signature, pdb20.age).utf8(`${pdb20.name}\0`).finish();
}

/** Writes the first 32 hex digits of `text` as a GUID. */
function guid(bytes: SynthBytes, text: string): SynthBytes {
  const number = (from: number, to: number) => Number.parseInt(text.slice(from, to), 16);
  bytes.u32(number(0, 8)).u16(number(8, 12)).u16(number(12, 16));
  return bytes.raw(Buffer.from(text.slice(16, 32), "hex"));
}
