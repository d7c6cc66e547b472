import { type SynthCrashpadInfo, synthCrashpadInfo } from "./synth-crashpad.ts";
import { SynthFile } from "./synth-file.ts";
import { type SynthMacCrashRecord, synthMacBootArgs, synthMacCrashInfo } from "./synth-mac.ts";
import { type SynthModule, synthModuleList, synthUnloadedModuleList } from "./synth-module.ts";
import type { Label } from "./synth-stack.ts";
import { type SynthMiscInfo, type SynthSystem, synthMiscInfo, synthSystemInfo } from "./synth-system.ts";
import {
  placeContext,
  type SynthMemory,
  type SynthThread,
  synthThreadList,
  synthThreadNames,
} from "./synth-thread.ts";

/** What a Linux writer knows besides. */
export interface SynthLinux extends SynthSystem {
  /** Output of `uname -srvm`. */
  readonly uname?: string;
  /** Texts of /proc/cpuinfo, /proc/self/status, /etc/os-release, /proc/self/maps and /proc/self/limits. */
  readonly cpuInfo?: string;
  readonly procStatus?: string;
  readonly lsbRelease?: string;
  readonly maps?: string;
  readonly limits?: string;
  /** /proc/self/environ: variables, each ended by NUL. */
  readonly environment?: string;
}

/** The exception to put into a dump. */
export interface SynthException {
  /** Of the first thread unless given. */
  readonly threadId?: number;
  readonly code: number;
  readonly flags?: number;
  readonly address?: bigint;
  readonly parameters?: readonly bigint[];
  readonly registers?: Readonly<Record<string, bigint | Label>>;
  readonly context?: Uint8Array;
}

export interface SynthMemoryInfo {
  readonly base: bigint;
  readonly size: bigint;
  readonly state: number;
  readonly protection: number;
}

export interface SynthHandle {
  readonly handle: bigint;
  readonly typeName?: string;
  readonly objectName?: string;
}

type BuildStream = (file: SynthFile) => Uint8Array;

/**
 * Builds minidumps for tests. It knows the format on its own: every structure is written field after field,
 * with numbers of its own, so that a wrong offset in the reader cannot agree with itself.
 */
export class SynthMinidump {
  readonly #byteOrder: "little" | "big";
  readonly #timestamp: number;
  #system: SynthSystem = {};
  readonly #threads: SynthThread[] = [];
  readonly #modules: SynthModule[] = [];
  readonly #unloadedModules: SynthModule[] = [];
  readonly #memory: SynthMemory[] = [];
  /** Streams by type, in the order of the directory. */
  readonly #streams = new Map<number, BuildStream>();

  constructor(byteOrder: "little" | "big", timestamp: number) {
    this.#byteOrder = byteOrder;
    this.#timestamp = timestamp;
    this.#streams.set(7, (file) => synthSystemInfo(file, this.#system));
    this.#streams.set(3, (file) => synthThreadList(file, this.#threads, this.#architecture));
  }

  system(system: SynthSystem): this {
    this.#system = system;
    return this;
  }

  linux(linux: SynthLinux): this {
    const { uname, cpuInfo, procStatus, lsbRelease, maps, limits, environment, ...system } = linux;
    this.#system = { platform: 33281, ...system, ...(uname === undefined ? {} : { text: uname }) };
    return this.#text(0x47670003, cpuInfo)
      .#text(0x47670004, procStatus)
      .#text(0x47670005, lsbRelease)
      .#text(0x47670007, environment)
      .#text(0x47670009, maps)
      .#text(0x4d7a0003, limits);
  }

  thread(thread: SynthThread): this {
    this.#threads.push(thread);
    if (thread.name !== undefined) this.#streams.set(24, (file) => synthThreadNames(file, this.#threads));
    return this;
  }

  module(module: SynthModule): this {
    this.#modules.push(module);
    this.#streams.set(4, (file) => synthModuleList(file, this.#modules));
    return this;
  }

  unloadedModule(module: SynthModule): this {
    this.#unloadedModules.push(module);
    this.#streams.set(14, (file) => synthUnloadedModuleList(file, this.#unloadedModules));
    return this;
  }

  exception(exception: SynthException): this {
    this.#streams.set(6, (file) => this.#exception(file, exception));
    return this;
  }

  /** Adds to the MemoryList. */
  memory(memory: SynthMemory): this {
    this.#memory.push(memory);
    this.#streams.set(5, (file) => {
      const stream = file.bytes().u32(this.#memory.length);
      for (const { base, bytes } of this.#memory) {
        const { size, rva } = file.place(bytes);
        stream.u64(base).u32(size, rva);
      }
      return stream.finish();
    });
    return this;
  }

  /** The Memory64List, all at once. */
  memory64(regions: readonly SynthMemory[]): this {
    this.#streams.set(9, (file) => {
      const start = file.place(new Uint8Array()).rva;
      const stream = file.bytes().u64(BigInt(regions.length), BigInt(start));
      for (const { base, bytes } of regions) {
        file.place(bytes);
        stream.u64(base, BigInt(bytes.length));
      }
      return stream.finish();
    });
    return this;
  }

  memoryInfo(regions: readonly SynthMemoryInfo[]): this {
    this.#streams.set(16, (file) => {
      const stream = file.bytes().u32(16, 48).u64(BigInt(regions.length));
      for (const { base, size, state, protection } of regions) {
        stream.u64(base, base).u32(protection, 0).u64(size).u32(state, protection, 0x20000, 0);
      }
      return stream.finish();
    });
    return this;
  }

  miscInfo(info: SynthMiscInfo): this {
    this.#streams.set(15, (file) => synthMiscInfo(file, info));
    return this;
  }

  breakpadInfo(info: { readonly dumpThreadId?: number; readonly requestingThreadId?: number }): this {
    const { dumpThreadId, requestingThreadId } = info;
    const validity = (dumpThreadId === undefined ? 0 : 1) + (requestingThreadId === undefined ? 0 : 2);
    return this.stream(0x47670001, (file) =>
      file
        .bytes()
        .u32(validity, dumpThreadId ?? 0, requestingThreadId ?? 0)
        .finish(),
    );
  }

  handles(handles: readonly SynthHandle[]): this {
    return this.stream(12, (file) => {
      const stream = file.bytes().u32(16, 32, handles.length, 0);
      for (const { handle, typeName, objectName } of handles) {
        const nameAt = (name: string | undefined) => (name === undefined ? 0 : file.string(name));
        stream.u64(handle).u32(nameAt(typeName), nameAt(objectName), 0, 0, 1, 1);
      }
      return stream.finish();
    });
  }

  softErrors(json: string): this {
    return this.#text(0x4d7a0004, json);
  }

  macCrashInfo(records: readonly SynthMacCrashRecord[]): this {
    return this.stream(0x4d7a0001, (file) => synthMacCrashInfo(file, records));
  }

  macBootArgs(text: string): this {
    return this.stream(0x4d7a0002, (file) => synthMacBootArgs(file, text));
  }

  crashpadInfo(info: SynthCrashpadInfo): this {
    return this.stream(0x43500001, (file) => synthCrashpadInfo(file, info));
  }

  /** `type`: 1 for an invalid parameter, 2 for a call of a pure virtual function. */
  assertion(
    texts: readonly [expression: string, func: string, source: string],
    line: number,
    type: number,
  ): this {
    return this.stream(0x47670002, (file) => {
      const stream = file.bytes();
      for (const text of texts) stream.utf16(text.padEnd(128, "\0"));
      return stream.u32(line, type).finish();
    });
  }

  /** Sets, or replaces, a whole stream. */
  stream(type: number, content: Uint8Array | BuildStream): this {
    this.#streams.set(type, typeof content === "function" ? content : () => content);
    return this;
  }

  /** Leaves a stream out, also one that every dump has. */
  without(type: number): this {
    this.#streams.delete(type);
    return this;
  }

  finish(): Uint8Array {
    const file = new SynthFile(this.#byteOrder, this.#streams.size);
    const directory = Array.from(this.#streams, ([type, build]) => {
      return [type, file.place(build(file))] as const;
    });
    return file.finish(this.#timestamp, directory);
  }

  get #architecture(): number {
    return this.#system.arch ?? 9;
  }

  #text(type: number, text: string | undefined): this {
    return text === undefined ? this : this.stream(type, new TextEncoder().encode(text));
  }

  #exception(file: SynthFile, exception: SynthException): Uint8Array {
    const parameters = exception.parameters ?? [];
    const padded = [...parameters, ...Array.from({ length: 15 - parameters.length }, () => 0n)];
    const stack = this.#threads.find(({ id }) => id === exception.threadId)?.stack ?? this.#threads[0]?.stack;
    const context = placeContext(
      file,
      { ...exception, ...(stack === undefined ? {} : { stack }) },
      this.#architecture,
    );
    return file
      .bytes()
      .u32(exception.threadId ?? this.#threads[0]?.id ?? 1, 0, exception.code, exception.flags ?? 0)
      .u64(0n, exception.address ?? 0n)
      .u32(parameters.length, 0)
      .u64(...padded)
      .u32(context.size, context.rva)
      .finish();
  }
}

/**
 * Begins a dump: little endian, of 2026-01-02 03:04:05 UTC, an amd64 Linux with an empty thread list unless
 * told otherwise.
 */
export function synthMinidump(
  options: { readonly byteOrder?: "little" | "big"; readonly timestamp?: number } = {},
): SynthMinidump {
  return new SynthMinidump(options.byteOrder ?? "little", options.timestamp ?? 1767323045);
}
