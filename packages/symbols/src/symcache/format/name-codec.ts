import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/**
 * Compresses names one by one, so that each can be read alone: a module has a table of up to 255 byte runs that are
 * frequent in its names, and a byte stands for a run. The method is FSST (Boncz, Neumann and Leis, "FSST: Fast Random
 * Access String Compression", VLDB 2020); C++ names shrink to less than half.
 */
const MAX_SYMBOLS = 255;
const MAX_SYMBOL_BYTES = 8;

/** Says that the next byte stands for itself. */
const ESCAPE = 255;

/** A sample of so many bytes is enough to learn from; less in each early round. */
const SAMPLE_BYTES = 64 * 1024;
const ROUNDS = 5;

/** While learning, what a name is cut into: a run by its code, or a byte. */
const FIRST_BYTE_UNIT = 256;
const UNITS = 512;

/** Names of fewer bytes in all are not worth a table. */
const WORTHWHILE_BYTES = 4096;

export class NameCodec {
  readonly #count: number;
  /** The runs, {@link MAX_SYMBOL_BYTES} apart. */
  readonly #bytes = new Uint8Array(MAX_SYMBOLS * MAX_SYMBOL_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #lengths = new Uint8Array(MAX_SYMBOLS);
  /** Where names are put together; eight bytes more than the longest. */
  #text = textBuffer(1024);
  /** Code of the run that is one byte; {@link ESCAPE} for none. */
  readonly #single = new Uint8Array(256).fill(ESCAPE);
  /** Codes of longer runs, those with the same first two bytes together, longest first. */
  readonly #longer: Uint8Array;
  /** By the first two bytes: where their codes begin, plus one; 0 for none. */
  readonly #begin = new Uint16Array(1 << 16);

  /** Names as they are. */
  static readonly plain = new NameCodec([]);

  /** @param symbols the runs, in the order of their codes */
  constructor(symbols: readonly Uint8Array[]) {
    this.#count = symbols.length;
    for (const [code, symbol] of symbols.entries()) {
      this.#bytes.set(symbol, code * MAX_SYMBOL_BYTES);
      this.#lengths[code] = symbol.length;
      if (symbol.length === 1) this.#single[symbol[0]!] = code;
    }
    const codes = symbols.flatMap((symbol, code) => (symbol.length > 1 ? [code] : []));
    codes.sort((a, b) => this.#prefix(a) - this.#prefix(b) || this.#lengths[b]! - this.#lengths[a]!);
    // A sentinel that begins with no bytes ends the last group.
    this.#longer = Uint8Array.from([...codes, ESCAPE]);
    for (const [i, code] of codes.entries()) {
      const prefix = this.#prefix(code);
      if (i === 0 || this.#prefix(codes[i - 1]!) !== prefix) this.#begin[prefix] = i + 1;
    }
  }

  /** Learns a table from a sample of the names. */
  static learn(sample: readonly Uint8Array[]): NameCodec {
    const taken: Uint8Array[] = [];
    let total = 0;
    for (const name of sample) {
      total += name.length;
      if (total > SAMPLE_BYTES) break;
      taken.push(name);
    }
    let codec = NameCodec.plain;
    if (total < WORTHWHILE_BYTES) return codec;
    for (let round = 1; round <= ROUNDS; round++) {
      codec = codec.#improved(taken.slice(0, Math.ceil((taken.length * round) / ROUNDS)));
    }
    return codec;
  }

  /** Appends a name's compressed form. */
  encode(name: Uint8Array, out: ByteWriter): void {
    const from = out.length;
    out.skip(2 * name.length);
    const { bytes } = out;
    let to = from;
    for (let at = 0; at < name.length; ) {
      const code = this.#match(name, at);
      bytes[to++] = code;
      if (code === ESCAPE) bytes[to++] = name[at++]!;
      else at += this.#lengths[code]!;
    }
    out.length = to;
  }

  /** The name whose compressed form stands in `bytes`, from `at` up to `end`. */
  decode(bytes: Uint8Array, at: number, end: number): string {
    const most = (end - at) * MAX_SYMBOL_BYTES;
    if (this.#text.bytes.length < most) this.#text = textBuffer(most);
    const { bytes: target, view } = this.#text;
    const runs = this.#view;
    let to = 0;
    for (let i = at; i < end; i++) {
      const code = bytes[i]!;
      if (code === ESCAPE) target[to++] = bytes[++i]!;
      else {
        const symbol = code * MAX_SYMBOL_BYTES;
        // Four bytes with one load and one store; what is too much is written over by the next run.
        view.setUint32(to, runs.getUint32(symbol));
        const length = this.#lengths[code]!;
        if (length > 4) view.setUint32(to + 4, runs.getUint32(symbol + 4));
        to += length;
      }
    }
    return target.toString("utf8", 0, to);
  }

  /** Writes u8 number of runs, then of each u8 length and its bytes. */
  write(out: ByteWriter): void {
    out.u8(this.#count);
    for (let code = 0; code < this.#count; code++) {
      out.u8(this.#lengths[code]!);
      out.append(this.#symbol(code));
    }
  }

  static read(bytes: ByteReader): NameCodec {
    const count = bytes.u8();
    if (count === 0) return NameCodec.plain;
    const symbols = Array.from({ length: count }, () => bytes.take(Math.min(bytes.u8(), MAX_SYMBOL_BYTES)));
    return new NameCodec(symbols);
  }

  /** The code of the longest run that stands at a place of a name. */
  #match(name: Uint8Array, at: number): number {
    const first = name[at]!;
    const prefix = first | (name[at + 1]! << 8);
    const begin = at + 1 < name.length ? this.#begin[prefix]! : 0;
    if (begin > 0) {
      const longer = this.#longer;
      for (let i = begin - 1; ; i++) {
        const code = longer[i]!;
        const symbol = code * MAX_SYMBOL_BYTES;
        if (code === ESCAPE || this.#bytes[symbol] !== first || this.#bytes[symbol + 1] !== name[at + 1])
          break;
        const length = this.#lengths[code]!;
        let k = 2;
        while (k < length && this.#bytes[symbol + k] === name[at + k]) k++;
        if (k === length) return code;
      }
    }
    return this.#single[first]!;
  }

  #symbol(code: number): Uint8Array {
    const at = code * MAX_SYMBOL_BYTES;
    return this.#bytes.subarray(at, at + this.#lengths[code]!);
  }

  #prefix(code: number): number {
    const at = code * MAX_SYMBOL_BYTES;
    return this.#bytes[at]! | (this.#bytes[at + 1]! << 8);
  }

  /** A table of the runs, and pairs of neighbouring runs, that would have saved most in these names. */
  #improved(names: readonly Uint8Array[]): NameCodec {
    const single = new Uint32Array(UNITS);
    const pairs = new Uint32Array(UNITS * UNITS);
    for (const name of names) {
      let before = -1;
      for (let at = 0; at < name.length; ) {
        const code = this.#match(name, at);
        const unit = code === ESCAPE ? FIRST_BYTE_UNIT + name[at]! : code;
        single[unit]!++;
        // The first byte is also weighed by itself, so that it is not lost to longer runs.
        if (code !== ESCAPE) single[FIRST_BYTE_UNIT + name[at]!]!++;
        if (before >= 0) pairs[before * UNITS + unit]!++;
        before = unit;
        at += code === ESCAPE ? 1 : this.#lengths[code]!;
      }
    }
    return this.#tableOf(single, pairs);
  }

  #tableOf(single: Uint32Array, pairs: Uint32Array): NameCodec {
    const gains = new Map<string, number>();
    const weigh = (run: Buffer, count: number) => {
      const key = run.toString("latin1");
      gains.set(key, (gains.get(key) ?? 0) + run.length * count);
    };
    for (let unit = 0; unit < UNITS; unit++) {
      if (single[unit]! > 0) weigh(this.#unit(unit), single[unit]!);
    }
    for (let pair = 0; pair < pairs.length; pair++) {
      const count = pairs[pair]!;
      // What came once will hardly come again.
      if (count < 2) continue;
      const run = Buffer.concat([this.#unit(Math.floor(pair / UNITS)), this.#unit(pair % UNITS)]);
      weigh(run.subarray(0, MAX_SYMBOL_BYTES), count);
    }
    const best = [...gains].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MAX_SYMBOLS);
    return new NameCodec(best.map(([run]) => Buffer.from(run, "latin1")));
  }

  #unit(unit: number): Buffer {
    return unit >= FIRST_BYTE_UNIT ? Buffer.of(unit - FIRST_BYTE_UNIT) : Buffer.from(this.#symbol(unit));
  }
}

function textBuffer(length: number): { bytes: Buffer; view: DataView } {
  const bytes = Buffer.allocUnsafeSlow(length + MAX_SYMBOL_BYTES);
  return { bytes, view: new DataView(bytes.buffer) };
}
