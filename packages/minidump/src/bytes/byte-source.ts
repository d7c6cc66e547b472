/** Bytes of a source, and where the first of them lies in it. */
export interface Excerpt {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Where a dump's bytes are: in memory, or in a file that is larger than the memory. Nobody changes them. */
export interface ByteSource {
  /** Bytes there are. */
  readonly length: number;
  /** `length` bytes from `at` on; they are all there. */
  read(at: number, length: number): Uint8Array;
  /** At least `length` bytes from `at` on, with what lies around them as far as it costs nothing. */
  near(at: number, length: number): Excerpt;
}

/** A file that is open, as an adapter of the system's gives it. */
export interface PositionedFile {
  readonly length: number;
  /** Fills `into` from the file's bytes from `at` on, which are there. @throws what the adapter throws */
  fill(into: Uint8Array, at: number): void;
}

const PAGE_BYTES = 65_536;

/** 16 MiB. */
const KEPT_PAGES = 256;

/** Bytes in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  // A Buffer is a Uint8Array whose slice() does not copy; what is handed out must not depend on which came in.
  const all = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = { at: 0, bytes: all };
  return { length: all.length, read: (at, length) => all.subarray(at, at + length), near: () => whole };
}

/** A file of any size, of which the pages last used are kept. */
export function fileSource(file: PositionedFile, pageBytes = PAGE_BYTES): ByteSource {
  return new PagedSource(file, pageBytes);
}

class PagedSource implements ByteSource {
  readonly length: number;
  readonly #file: PositionedFile;
  readonly #pageBytes: number;
  /** Page number → page, that used last behind all others. */
  readonly #pages = new Map<number, Uint8Array>();

  constructor(file: PositionedFile, pageBytes: number) {
    this.#file = file;
    this.#pageBytes = pageBytes;
    this.length = file.length;
  }

  read(at: number, length: number): Uint8Array {
    const from = at % this.#pageBytes;
    if (from + length <= this.#pageBytes && length > 0)
      return this.#page((at - from) / this.#pageBytes).subarray(from, from + length);
    const bytes = new Uint8Array(length);
    if (length > 0) this.#file.fill(bytes, at);
    return bytes;
  }

  near(at: number, length: number): Excerpt {
    const from = at % this.#pageBytes;
    if (from + length > this.#pageBytes) return { at, bytes: this.read(at, length) };
    return { at: at - from, bytes: this.#page((at - from) / this.#pageBytes) };
  }

  #page(number: number): Uint8Array {
    const kept = this.#pages.get(number);
    const page = kept ?? this.#fetch(number);
    if (kept !== undefined) this.#pages.delete(number);
    else if (this.#pages.size >= KEPT_PAGES) this.#pages.delete(this.#pages.keys().next().value!);
    this.#pages.set(number, page);
    return page;
  }

  #fetch(number: number): Uint8Array {
    const at = number * this.#pageBytes;
    const page = new Uint8Array(Math.min(this.#pageBytes, this.length - at));
    this.#file.fill(page, at);
    return page;
  }
}
