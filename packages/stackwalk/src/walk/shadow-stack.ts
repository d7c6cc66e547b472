import type { MemoryRange } from "@mayday/minidump";
import type { Architecture, Callee, Caller } from "../unwind/architecture.ts";
import type { WalkScene } from "./walk-scene.ts";

const WORD = 8n;

/** The first page of an address space is never mapped: no code is there. */
const FIRST_PAGE_END = 4096n;

/** Where systems switch or leave a shadow stack they put an address of its own there, marked in the first or last bit. */
const ADDRESS_OF_TOKEN = 0x7fff_ffff_ffff_fff8n;

/** How far up a stack a return address is looked for. */
const SEARCHED_WORDS = 1024;

/** Searches of all threads of a dump together: a hostile one has return addresses that are nowhere. */
export const MOST_SEARCHED_WORDS = 2_000_000;

/**
 * The return addresses that the processor itself kept (CET), innermost first. No rule has to be right for them, and no
 * program writes them.
 */
export class ShadowStack {
  readonly #range: MemoryRange;
  readonly #onUse: WalkScene["onStackUse"];
  #at: bigint;

  /** @param at where the innermost return address lies in `range` */
  constructor(range: MemoryRange, at: bigint, onUse: WalkScene["onStackUse"]) {
    this.#range = range;
    this.#at = at;
    this.#onUse = onUse;
  }

  /** The next return address; `end` where there is none behind, undefined where the dump has no more of the stack. */
  next(): bigint | "end" | undefined {
    for (;;) {
      const word = this.#word();
      if (word === undefined) return undefined;
      if (word >= FIRST_PAGE_END && !this.#isToken(word)) return word;
      if (word < FIRST_PAGE_END) return "end";
    }
  }

  #word(): bigint | undefined {
    const { base, bytes } = this.#range;
    const offset = Number(this.#at - base);
    if (!(offset >= 0 && offset + 8 <= bytes.length)) return undefined;
    this.#onUse?.(this.#at);
    this.#at += WORD;
    return bytes.u64(offset);
  }

  #isToken(word: bigint): boolean {
    const { base, bytes } = this.#range;
    const address = word & ADDRESS_OF_TOKEN;
    return address >= base && address <= base + BigInt(bytes.length);
  }
}

/** The caller that goes on at `address`, which is known: its frame begins behind the word that holds the address. */
export function callerReturnedTo(
  address: bigint,
  architecture: Architecture,
  callee: Callee,
  { searchedWords }: WalkScene,
): Caller {
  const { ip, sp, fp } = architecture;
  const top = callee.registers[sp]!;
  for (let index = 0; index < SEARCHED_WORDS && searchedWords.left > 0; index++) {
    searchedWords.left--;
    const slot = top + BigInt(index) * WORD;
    const word = callee.stack.peek(slot);
    if (word === undefined) break;
    if (word !== address) continue;
    callee.stack.word(slot);
    const near = architecture.framePointerNear(callee, slot, index === 0);
    const known = { [ip]: address, [sp]: slot + WORD };
    return { trust: "scan", registers: near === undefined ? known : { ...known, [fp]: near } };
  }
  // It was overwritten: of the caller's registers nothing is known.
  return { trust: "scan", registers: { [ip]: address, [sp]: top + WORD } };
}
