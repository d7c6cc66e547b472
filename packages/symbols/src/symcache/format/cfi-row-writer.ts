import { NO_RULES } from "../build/cfi-rule-sets.ts";
import type { BlockWriter } from "./block-writer.ts";
import { ByteWriter, widthOf } from "./byte-writer.ts";
import { GrowingArray } from "./growing-array.ts";

const BLOCK_ROWS = 512;
const MAX_KEY_SPAN = 0xffff_ffff;

/**
 * Writes call-frame rows: from its address up to the next row's, a row's rule set holds. A block holds
 *
 *   u16 number of rows N
 *   u8 width of starts, u8 width of codes, in bytes
 *   N starts, relative to the block's key
 *   N codes: place of the rule set in the block's list, times two, plus one where a STACK CFI INIT range begins
 *   varint length of the list, then the numbers of rule sets as varints
 *
 * A block of 512 rows meets a few dozen different rule sets, and so most codes take one byte.
 */
export class CfiRowWriter {
  readonly #blocks: BlockWriter;
  readonly #addresses = new GrowingArray(Float64Array, BLOCK_ROWS);
  readonly #codes = new GrowingArray(Uint32Array, BLOCK_ROWS);
  readonly #list = new Map<number, number>();
  readonly #content = new ByteWriter();
  #lastRuleSet = NO_RULES;

  constructor(blocks: BlockWriter) {
    this.#blocks = blocks;
  }

  /**
   * @param address not smaller than the one before
   * @param beginsRange whether a STACK CFI INIT range begins there
   */
  add(address: number, ruleSet: number, beginsRange: boolean): void {
    if (ruleSet === this.#lastRuleSet && !beginsRange) return;
    const { items, length } = this.#addresses;
    const isFull = length === BLOCK_ROWS || (length > 0 && address - items[0]! > MAX_KEY_SPAN);
    if (isFull) this.#endBlock();
    this.#lastRuleSet = ruleSet;
    this.#addresses.push(address);
    this.#codes.push(2 * this.#placeInList(ruleSet) + (beginsRange ? 1 : 0));
  }

  end(): void {
    if (this.#addresses.length > 0) this.#endBlock();
  }

  #placeInList(ruleSet: number): number {
    const known = this.#list.get(ruleSet);
    if (known !== undefined) return known;
    this.#list.set(ruleSet, this.#list.size);
    return this.#list.size - 1;
  }

  #endBlock(): void {
    const { items: addresses, length: count } = this.#addresses;
    const [base = 0] = addresses;
    const startWidth = widthOf(addresses[count - 1]! - base);
    const codeWidth = widthOf(2 * this.#list.size - 1);
    const content = this.#content;
    content.clear();
    content.fixed(count, 2);
    content.u8(startWidth);
    content.u8(codeWidth);
    for (let i = 0; i < count; i++) content.fixed(addresses[i]! - base, startWidth);
    for (let i = 0; i < count; i++) content.fixed(this.#codes.items[i]!, codeWidth);
    content.varint(this.#list.size);
    for (const ruleSet of this.#list.keys()) content.varint(ruleSet);
    this.#blocks.add("cfiRows", base, count, content.view());
    this.#list.clear();
    this.#addresses.length = 0;
    this.#codes.length = 0;
  }
}
