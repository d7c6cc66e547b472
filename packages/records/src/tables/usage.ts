import type { Kysely } from "kysely";
import { inBatches } from "../in-batches.ts";
import type { Tables } from "../schema.ts";

/** How much a product was used on a day. An empty text stands for what the source does not tell apart. */
export interface Usage {
  readonly product: string;
  readonly version: string;
  readonly channel: string;
  readonly platform: string;
  /** `YYYY-MM-DD` (UTC) */
  readonly day: string;
  readonly hours: number;
  readonly users: number;
}

/** What usage is asked of; what is absent is not told apart. */
export interface UsageOf {
  readonly product: string;
  readonly version?: string | undefined;
  readonly channel?: string | undefined;
  readonly platform?: string | undefined;
  /** From the one day to the other, both in. */
  readonly from: string;
  readonly to: string;
}

/** How much products were used: what counts of crashes are held against. */
export class UsageTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** What is told of a day again takes the place of what was told. @returns how many rows were told */
  async put(rows: readonly Usage[]): Promise<number> {
    const keyOf = ({ product, version, channel, platform, day }: Usage) =>
      JSON.stringify([product, version, channel, platform, day]);
    const newest = [...new Map(rows.map((row) => [keyOf(row), row])).values()];
    for (const batch of inBatches(newest)) {
      await this.#db
        .insertInto("usage")
        .values([...batch])
        .onConflict((conflict) =>
          conflict.columns(["product", "version", "channel", "platform", "day"]).doUpdateSet((eb) => ({
            hours: eb.ref("excluded.hours"),
            users: eb.ref("excluded.users"),
          })),
        )
        .execute();
    }
    return newest.length;
  }

  /** Hours by day, of the days of which something was told. A day that is absent is unknown, and not without use. */
  async hours(of: UsageOf): Promise<ReadonlyMap<string, number>> {
    let query = this.#db
      .selectFrom("usage")
      .select(({ fn }) => ["day", fn.sum<number>("hours").as("hours")])
      .where("product", "=", of.product)
      .where("day", ">=", of.from)
      .where("day", "<=", of.to);
    for (const name of ["version", "channel", "platform"] as const) {
      const value = of[name];
      if (value !== undefined) query = query.where(name, "=", value);
    }
    const rows = await query.groupBy("day").orderBy("day").execute();
    return new Map(rows.map(({ day, hours }) => [day, Number(hours)]));
  }
}
