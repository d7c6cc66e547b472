import type { ByteReader } from "./byte-reader.ts";
import { DecodeBudget } from "./decode-budget.ts";
import { readMinidumpString, readUtf8String } from "./minidump-string.ts";

/**
 * Entries kept of any one list: four times the default limit of mappings that Linux gives a process. A list
 * is cut here so that a hostile dump of some megabytes cannot become gigabytes of objects.
 */
const maxEntries = 262_144;

/** Bytes of texts that are decoded of one dump: those of real ones have some hundred thousand. */
const mostTextBytes = 64 * 1024 ** 2;

/** What every stream reader may use besides its own stream: the whole file, its strings, and the notes. */
export class StreamContext {
  /** The whole file; locations point into it. */
  readonly file: ByteReader;
  readonly budget: DecodeBudget;
  readonly notes: string[] = [];
  /** Names of the lists of which not all entries are there. */
  readonly cutLists = new Set<string>();
  readonly #strings = new Map<number, string | undefined>();

  constructor(file: ByteReader) {
    this.file = file;
    this.budget = new DecodeBudget(Math.min(file.length, mostTextBytes));
  }

  /** Tells a human what could not be read. */
  note(sentence: string): void {
    this.notes.push(sentence);
  }

  /** The MINIDUMP_STRING at `rva`, or undefined. Writers share strings, so each is decoded once. */
  string(rva: number): string | undefined {
    if (!this.#strings.has(rva)) this.#strings.set(rva, readMinidumpString(this.file, rva, this.budget));
    return this.#strings.get(rva);
  }

  /** The MinidumpUTF8String of Crashpad at `rva`, or undefined. */
  utf8String(rva: number): string | undefined {
    return readUtf8String(this.file, rva, this.budget);
  }

  /** `entries`, cut to what will be kept. */
  bounded<T>(streamName: string, entries: readonly T[]): readonly T[] {
    if (entries.length <= maxEntries) return entries;
    this.note(`${streamName}: only the first ${maxEntries} of ${entries.length} entries are kept`);
    return entries.slice(0, maxEntries);
  }
}
