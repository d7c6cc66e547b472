import { SynthBytes } from "./synth-bytes.ts";

/** A place in a stack, named by `mark`: its address is filled in when the stack is finished. */
export interface Label {
  readonly label: string;
}

/** Stands for the address of `mark(name)` wherever a word or a register is wanted. */
export function label(name: string): Label {
  return { label: name };
}

/**
 * Stack memory, written upwards from its lowest address, with places that have names:
 *
 *     synthStack(0x7000n).mark("rbp0").word(label("rbp1")).word(0x40_0110n).mark("rbp1").word(0n)
 */
export class SynthStack {
  readonly base: bigint;
  readonly #wordSize: 4 | 8;
  readonly #words: (bigint | Label)[] = [];
  readonly #marks = new Map<string, bigint>();

  constructor(base: bigint, wordSize: 4 | 8) {
    this.base = base;
    this.#wordSize = wordSize;
  }

  /** Names the address of the next word. */
  mark(name: string): this {
    this.#marks.set(name, this.base + BigInt(this.#words.length * this.#wordSize));
    return this;
  }

  /** Appends a word: a value, or the address of a mark. */
  word(...values: readonly (bigint | Label)[]): this {
    this.#words.push(...values);
    return this;
  }

  /** Appends `count` words of zero. */
  gap(count: number): this {
    return this.word(...Array.from({ length: count }, () => 0n));
  }

  /** The value itself, or the address its label stands for. Throws for a label that was never marked. */
  resolve(value: bigint | Label): bigint {
    if (typeof value === "bigint") return value;
    const address = this.#marks.get(value.label);
    if (address === undefined) throw new Error(`stack has no mark "${value.label}"`);
    return address;
  }

  finish(byteOrder: "little" | "big"): { base: bigint; bytes: Uint8Array } {
    const bytes = new SynthBytes(byteOrder);
    for (const word of this.#words) {
      const value = this.resolve(word);
      if (this.#wordSize === 8) bytes.u64(value);
      else bytes.u32(Number(BigInt.asUintN(32, value)));
    }
    return { base: this.base, bytes: bytes.finish() };
  }
}

/** Begins a stack at its lowest address. */
export function synthStack(base: bigint, wordSize: 4 | 8 = 8): SynthStack {
  return new SynthStack(base, wordSize);
}
