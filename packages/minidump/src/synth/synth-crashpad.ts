import type { SynthBytes } from "./synth-bytes.ts";
import type { Placed, SynthFile } from "./synth-file.ts";

export interface SynthCrashpadModule {
  readonly moduleIndex: number;
  readonly list?: readonly string[];
  readonly simple?: Readonly<Record<string, string>>;
  readonly objects?: readonly { readonly name: string; readonly type: number; readonly value: Uint8Array }[];
}

/** What Crashpad adds to a dump. Ids are 32 hex digits. */
export interface SynthCrashpadInfo {
  readonly reportId: string;
  readonly clientId: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly modules?: readonly SynthCrashpadModule[];
}

/** The CrashpadInfo stream. */
export function synthCrashpadInfo(file: SynthFile, info: SynthCrashpadInfo): Uint8Array {
  const stream = file.bytes().u32(1);
  for (const id of [info.reportId, info.clientId]) writeGuid(stream, id);
  const annotations = file.place(dictionary(file, info.annotations ?? {}));
  const modules = info.modules ?? [];
  const links = file.bytes().u32(modules.length);
  for (const module of modules) {
    const { size, rva } = file.place(moduleInfo(file, module));
    links.u32(module.moduleIndex, size, rva);
  }
  const list = file.place(links.finish());
  return writePlaced(writePlaced(stream, annotations), list).finish();
}

function moduleInfo(
  file: SynthFile,
  { list = [], simple = {}, objects = [] }: SynthCrashpadModule,
): Uint8Array {
  const strings = file.bytes().u32(list.length, ...list.map((text) => utf8(file, text)));
  const typed = file.bytes().u32(objects.length);
  for (const { name, type, value } of objects) {
    const valueRva = file.place(file.bytes().u32(value.length).raw(value).finish()).rva;
    typed.u32(utf8(file, name)).u16(type).u16(0).u32(valueRva);
  }
  const info = file.bytes().u32(1);
  writePlaced(info, file.place(strings.finish()));
  writePlaced(info, file.place(dictionary(file, simple)));
  return writePlaced(info, file.place(typed.finish())).finish();
}

function dictionary(file: SynthFile, entries: Readonly<Record<string, string>>): Uint8Array {
  const pairs = Object.entries(entries);
  return file
    .bytes()
    .u32(pairs.length, ...pairs.flat().map((text) => utf8(file, text)))
    .finish();
}

/** Places a string as Crashpad has them: length in bytes, UTF-8, NUL. Answers its offset. */
function utf8(file: SynthFile, text: string): number {
  const bytes = new TextEncoder().encode(text);
  return file.place(file.bytes().u32(bytes.length).raw(bytes).u8(0).finish()).rva;
}

function writePlaced(bytes: SynthBytes, { size, rva }: Placed): SynthBytes {
  return bytes.u32(size, rva);
}

function writeGuid(bytes: SynthBytes, text: string): void {
  const number = (from: number, to: number) => Number.parseInt(text.slice(from, to), 16);
  bytes.u32(number(0, 8)).u16(number(8, 12)).u16(number(12, 16));
  bytes.raw(Buffer.from(text.slice(16, 32), "hex"));
}
