import type { Kysely } from "kysely";
import { inBatches } from "../in-batches.ts";
import type { Tables } from "../schema.ts";

export type TrendKind = "new" | "rising" | "gone";

/** What became of a signature's crashes, with the numbers that tell. */
export interface Trend {
  readonly product: string;
  readonly source: "report" | "ping";
  readonly signature: string;
  readonly kind: TrendKind;
  /** The last day it was found to be so, `YYYY-MM-DD`. */
  readonly day: string;
  /** Crashes of the days looked at; of sampled ones how many they stand for. */
  readonly count: number;
  /** How many there would be by the days before, and up to how many by chance. */
  readonly expected: number;
  readonly high: number;
  /** How many days were looked at, the last one {@link day}. */
  readonly days: number;
}

/** A trend of which the webhook is still to be told. */
export interface UntoldTrend extends Trend {
  readonly attempts: number;
}

/** Which trends are asked for. */
export interface TrendsOf {
  readonly product?: string | undefined;
  readonly source?: Trend["source"] | undefined;
  readonly signatures?: readonly string[] | undefined;
  /** Of each batch of signatures; 1,000 when absent. */
  readonly limit?: number | undefined;
}

/** New, rising and gone signatures, one row each. */
export class Trends {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Takes note of what was found. What was found before, and of the same kind, is not to be told again. */
  async put(found: readonly Trend[]): Promise<void> {
    for (const batch of inBatches(found)) {
      await this.#db
        .insertInto("trends")
        // No text of PostgreSQL holds a null character.
        .values(
          batch.map((one) => ({
            ...one,
            signature: one.signature.replaceAll("\0", ""),
            told: 0,
            attempts: 0,
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(["product", "source", "signature", "kind"]).doUpdateSet((eb) => ({
            day: eb.ref("excluded.day"),
            count: eb.ref("excluded.count"),
            expected: eb.ref("excluded.expected"),
            high: eb.ref("excluded.high"),
            days: eb.ref("excluded.days"),
          })),
        )
        .execute();
    }
  }

  /** Forgets what was so last before a day. */
  async forgetBefore(day: string): Promise<void> {
    await this.#db.deleteFrom("trends").where("day", "<", day).execute();
  }

  /** Of a product and source, or of those signatures, the largest first; of all of what is absent. */
  async list(of: TrendsOf): Promise<Trend[]> {
    const batches = of.signatures === undefined ? [undefined] : [...inBatches(of.signatures)];
    const found: Trend[] = [];
    for (const signatures of batches) {
      let query = this.#db.selectFrom("trends").selectAll();
      if (of.product !== undefined) query = query.where("product", "=", of.product);
      if (of.source !== undefined) query = query.where("source", "=", of.source);
      if (signatures !== undefined) query = query.where("signature", "in", [...signatures]);
      const rows = await query
        .orderBy("count", "desc")
        .orderBy("signature")
        .limit(of.limit ?? 1000)
        .execute();
      found.push(...rows.map(({ told: _, attempts: __, ...trend }) => trend));
    }
    return found;
  }

  /**
   * Those that nobody was told of and that were not tried too often, the largest first.
   * @param least of fewer crashes, seen or missed, nobody is told until there are more
   */
  async untold(most: number, attempts: number, least: number): Promise<UntoldTrend[]> {
    const rows = await this.#db
      .selectFrom("trends")
      .selectAll()
      .where("told", "=", 0)
      .where("attempts", "<", attempts)
      .where((eb) => eb.or([eb("count", ">=", least), eb("expected", ">=", least)]))
      .orderBy("count", "desc")
      .orderBy("signature")
      .limit(most)
      .execute();
    return rows.map(({ told: _, ...trend }) => trend);
  }

  /** Notes that they were told, or that telling failed once more. */
  async note(trends: readonly UntoldTrend[], outcome: "told" | "failed"): Promise<void> {
    for (const { product, source, signature, kind, attempts } of trends) {
      await this.#db
        .updateTable("trends")
        .set(outcome === "told" ? { told: 1 } : { attempts: attempts + 1 })
        .where("product", "=", product)
        .where("source", "=", source)
        .where("signature", "=", signature)
        .where("kind", "=", kind)
        .execute();
    }
  }
}
