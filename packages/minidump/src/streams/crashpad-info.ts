import type { ByteReader } from "../bytes/byte-reader.ts";
import { tooShort } from "../bytes/list.ts";
import { follow, readLocation } from "../bytes/location.ts";
import { fail, ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";
import { minidumpError } from "../minidump-error.ts";
import { guidText } from "../modules/debug-id.ts";

/** What Crashpad knows of a module beside what the module list tells. */
export interface CrashpadModuleInfo {
  /** Index in the module list of the dump. */
  readonly moduleIndex: number;
  readonly listAnnotations: readonly string[];
  readonly simpleAnnotations: ReadonlyMap<string, string>;
  /** Typed annotations. `type` is 1 for a string; from 0x8000 on the program chose it. */
  readonly annotationObjects: readonly AnnotationObject[];
}

interface AnnotationObject {
  readonly name: string;
  readonly type: number;
  readonly value: Uint8Array;
}

/** Crashpad's own stream. */
export interface CrashpadInfo {
  /** 32 upper-case hex digits. */
  readonly reportId: string;
  readonly clientId: string;
  readonly simpleAnnotations: ReadonlyMap<string, string>;
  readonly modules: readonly CrashpadModuleInfo[];
}

const size = 52;
const moduleLinkSize = 12;
const moduleInfoSize = 28;

/** Reads MinidumpCrashpadInfo (Crashpad's minidump_extensions.h). */
export function readCrashpadInfo(stream: ByteReader, context: StreamContext): Result<CrashpadInfo> {
  if (stream.length < size) return tooShort(stream, size);
  if (stream.u32(0) === 0) return fail(minidumpError("DataError", "version 0"));
  return ok({
    reportId: guidText(stream.range(4, 16)!),
    clientId: guidText(stream.range(20, 16)!),
    simpleAnnotations: readDictionary(follow(context.file, readLocation(stream, 36)), context),
    modules: entriesOf(follow(context.file, readLocation(stream, 44)), moduleLinkSize, context).flatMap(
      (link) => readModule(link, context) ?? [],
    ),
  });
}

function readModule(link: ByteReader, context: StreamContext): CrashpadModuleInfo | undefined {
  const info = follow(context.file, readLocation(link, 4));
  if (info === undefined || info.length < moduleInfoSize) return undefined;
  const part = (at: number) => follow(context.file, readLocation(info, at));
  return {
    moduleIndex: link.u32(0),
    listAnnotations: entriesOf(part(4), 4, context).flatMap(
      (entry) => context.utf8String(entry.u32(0)) ?? [],
    ),
    simpleAnnotations: readDictionary(part(12), context),
    annotationObjects: entriesOf(part(20), 12, context).flatMap((entry) => readObject(entry, context) ?? []),
  };
}

function readDictionary(stream: ByteReader | undefined, context: StreamContext): Map<string, string> {
  const dictionary = new Map<string, string>();
  for (const entry of entriesOf(stream, 8, context)) {
    const key = context.utf8String(entry.u32(0));
    const value = context.utf8String(entry.u32(4));
    if (key !== undefined && value !== undefined) dictionary.set(key, value);
  }
  return dictionary;
}

function readObject(entry: ByteReader, context: StreamContext): AnnotationObject | undefined {
  const name = context.utf8String(entry.u32(0));
  const valueRva = entry.u32(8);
  const length = context.file.range(valueRva, 4)?.u32(0);
  const value = length === undefined ? undefined : context.file.range(valueRva + 4, length);
  if (name === undefined || value === undefined) return undefined;
  return { name, type: entry.u16(4), value: value.bytes() };
}

/** Entries behind a u32 count. Empty where the count promises more than there is. */
function entriesOf(
  stream: ByteReader | undefined,
  entrySize: number,
  context: StreamContext,
): readonly ByteReader[] {
  if (stream === undefined || stream.length < 4) return [];
  const count = stream.u32(0);
  if (4 + count * entrySize > stream.length) {
    context.note(
      `CrashpadInfo: ${count} entries of ${entrySize} bytes do not fit into ${stream.length} bytes`,
    );
    return [];
  }
  // Lists may lie over each other, so what all of them cost counts like text.
  if (!context.budget.spend(count * entrySize)) return [];
  return Array.from({ length: count }, (_, index) => stream.range(4 + index * entrySize, entrySize)!);
}
