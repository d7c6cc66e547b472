import { ByteWriter } from "../format/byte-writer.ts";
import { NameCodec } from "../format/name-codec.ts";
import { NO_STRING, type StringPool } from "./string-pool.ts";

/** How many strings the codec learns from. */
const SAMPLES = 1000;

/** Where in the file the strings of a pool stand: each goes where it is first used, compressed. */
export class StringPlaces {
  readonly codec: NameCodec;
  readonly #pool: StringPool;
  /** By number of the string; 0 while it is nowhere. */
  readonly #places: Uint32Array;
  readonly #added = new ByteWriter();
  readonly #encoded = new ByteWriter();

  constructor(pool: StringPool, codec: NameCodec = learned(pool)) {
    this.codec = codec;
    this.#pool = pool;
    this.#places = new Uint32Array(pool.count);
  }

  /** The place of a string; 0 for none. */
  of(string: number): number {
    return string === NO_STRING ? 0 : this.#places[string]!;
  }

  /** About how many bytes a string will take where it is used next. */
  lengthIfNew(string: number): number {
    return this.#places[string] === 0 ? this.#pool.lengthOf(string) / 2 : 0;
  }

  /**
   * Places those of `strings` that are nowhere yet from `position` on, and gives the bytes to stand there: of each the
   * length of its compressed form as a varint, and the form.
   */
  place(strings: Iterable<number>, position: number): Uint8Array {
    const [added, encoded] = [this.#added, this.#encoded];
    added.clear();
    for (const string of strings) {
      if (string === NO_STRING || this.#places[string] !== 0) continue;
      this.#places[string] = position + added.length;
      encoded.clear();
      this.codec.encode(this.#pool.bytesOf(string), encoded);
      added.varint(encoded.length);
      added.append(encoded.bytes, 0, encoded.length);
    }
    return added.view();
  }
}

function learned(pool: StringPool): NameCodec {
  const step = Math.max(1, Math.floor(pool.count / SAMPLES));
  const samples = Array.from({ length: Math.ceil(pool.count / step) }, (_, i) => pool.bytesOf(i * step));
  return NameCodec.learn(samples);
}
