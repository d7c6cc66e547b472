import { MaydayError } from "@mayday/errors";
import type { SymcacheInfo } from "../symcache/format/symcache-format.ts";
import { BlockCache } from "../symcache/read/block-cache.ts";
import type { SymbolHit, SymbolLookups, WindowsFrame } from "../symcache/read/symbol-lookups.ts";
import { Symcache } from "../symcache/read/symcache.ts";
import type { SymcacheBytes } from "../symcache/read/symcache-bytes.ts";
import type { CfiRules } from "./cfi-rules.ts";
import { TextCfi } from "./text-cfi.ts";
import { buildExcerpt, neededFor, stretchesOf } from "./text-excerpt.ts";
import type { TextIndex } from "./text-index.ts";
import { type Stretch, TextReader } from "./text-reader.ts";

/** Excerpts that are open at once; the oldest ones go. */
const MAX_OPEN = 512;

/** Roughly what an open excerpt takes, beside its blocks. */
const OPEN_BYTES = 16 * 1024;

/** Of a small text so many bytes may be read before it is built as a whole. */
const LEAST_MOST_BYTES = 1024 ** 2;

export interface TextSymbolsOptions {
  /** For what is read of excerpts; symbols of a thread should share one. */
  readonly blocks?: BlockCache;
  /** Called when the text cannot be read any more, before the look-up throws. */
  readonly onDamage?: () => void;
  /** When so many bytes of the text were read, the whole is built; about as many as it has by default. */
  readonly mostBytes?: number;
}

/**
 * Answers from the text of a symbol file and an index of it, without building a symcache of the whole: the part of the
 * text that says something of an offset is read when it is first asked for, and of it a small symcache is built that
 * answers what one of the whole text would. When that has taken as much of the text as it has, it is built as a whole
 * after all, and so work stays in proportion to the text however often and wherever it is asked.
 */
export class TextSymbols implements SymbolLookups {
  readonly #text: TextReader;
  readonly #index: TextIndex;
  readonly #cfi: TextCfi;
  readonly #blocks: BlockCache;
  readonly #mostBytes: number;
  readonly #onDamage: (() => void) | undefined;
  /** By what they hold. */
  readonly #excerpts = new Map<string, Symcache>();
  #whole: Symcache | undefined;

  /** @param text the very bytes that were indexed */
  constructor(text: SymcacheBytes, index: TextIndex, options: TextSymbolsOptions = {}) {
    this.#text = new TextReader(text);
    this.#index = index;
    this.#cfi = new TextCfi(this.#text, index);
    this.#blocks = options.blocks ?? new BlockCache();
    this.#mostBytes = options.mostBytes ?? Math.max(text.length, LEAST_MOST_BYTES);
    this.#onDamage = options.onDamage;
  }

  get info(): Pick<SymcacheInfo, "codeFile" | "url"> {
    return this.#index.info;
  }

  get textBytes(): number {
    return this.#text.length;
  }

  get size(): number {
    return this.#index.size + MAX_OPEN * OPEN_BYTES;
  }

  lookup(offset: number): SymbolHit | undefined {
    return (this.#wholeIfSpent() ?? this.#excerpt(offset)).lookup(offset);
  }

  symbolicate(offset: number): SymbolHit | undefined {
    return (this.#wholeIfSpent() ?? this.#excerpt(offset)).symbolicate(offset);
  }

  symbolicateAll(offsets: Float64Array): Map<number, SymbolHit | undefined> {
    return (this.#wholeIfSpent() ?? this.#excerptOfAll(offsets)).symbolicateAll(offsets);
  }

  cfiRules(offset: number): CfiRules | undefined {
    const whole = this.#wholeIfSpent();
    return whole === undefined ? this.#undamaged(() => this.#cfi.rules(offset)) : whole.cfiRules(offset);
  }

  beginsCfiRange(offset: number): boolean {
    const whole = this.#wholeIfSpent();
    return whole === undefined ? this.#cfi.begins(offset) : whole.beginsCfiRange(offset);
  }

  windowsFrame(offset: number): WindowsFrame | undefined {
    return (this.#wholeIfSpent() ?? this.#excerpt(offset)).windowsFrame(offset);
  }

  #excerpt(offset: number): Symcache {
    const needed = neededFor(this.#index, offset);
    const key = needed.join();
    const known = this.#excerpts.get(key);
    if (known !== undefined) return known;
    const excerpt = this.#open(stretchesOf(this.#index, [needed]));
    if (this.#excerpts.size === MAX_OPEN) this.#excerpts.delete(this.#excerpts.keys().next().value!);
    this.#excerpts.set(key, excerpt);
    return excerpt;
  }

  /** One excerpt for many offsets; no other question would need the same one, and so it is not kept. */
  #excerptOfAll(offsets: Float64Array): Symcache {
    const needed = Array.from(offsets, (offset) => neededFor(this.#index, offset));
    return this.#open(stretchesOf(this.#index, needed));
  }

  #wholeIfSpent(): Symcache | undefined {
    if (this.#whole === undefined && this.#text.taken > this.#mostBytes) {
      this.#whole = this.#open([{ from: 0, to: this.#text.length }]);
      this.#excerpts.clear();
    }
    return this.#whole;
  }

  #open(stretches: readonly Stretch[]): Symcache {
    return this.#undamaged(
      () => new Symcache(buildExcerpt(this.#text, this.#index, stretches), this.#blocks),
    );
  }

  /** What goes wrong with a text that was indexed is damage; whoever begins anew then has it built. */
  #undamaged<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#onDamage?.();
      throw new MaydayError("SYMCACHE_CORRUPT", (error as Error).message, { cause: error });
    }
  }
}
