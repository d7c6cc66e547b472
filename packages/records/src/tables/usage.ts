import { type Kysely, sql } from "kysely";
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

const dimensions = ["version", "channel", "platform"] as const;

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

  /**
   * Hours by day, of the days of which something was told. A day that is absent is unknown, and not without use.
   *
   * A source may tell the same use twice, as a total and by version, say: of rows that tell other things apart only those
   * count that tell of the most hours.
   */
  async hours(of: UsageOf): Promise<ReadonlyMap<string, number>> {
    let query = this.#db
      .selectFrom("usage")
      .select(({ fn }) => ["day", fn.sum<number>("hours").as("hours")])
      .groupBy("day")
      .where("product", "=", of.product)
      .where("day", ">=", of.from)
      .where("day", "<=", of.to);
    for (const name of dimensions) {
      const value = of[name];
      query =
        value === undefined
          ? query.groupBy(sql`case when ${sql.ref(name)} = '' then 0 else 1 end`)
          : query.where(name, "=", value);
    }
    const hours = new Map<string, number>();
    for (const row of await query.orderBy("day").execute())
      hours.set(row.day, Math.max(hours.get(row.day) ?? 0, Number(row.hours)));
    return hours;
  }
}
