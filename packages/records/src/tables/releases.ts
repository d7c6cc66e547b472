import type { Kysely } from "kysely";
import { inBatches } from "../in-batches.ts";
import type { Tables } from "../schema.ts";

/** A build of a product, and the version that it is called by: `143.0b4` where the build itself says `143.0`. */
export interface Release {
  readonly product: string;
  readonly channel: string;
  readonly buildId: string;
  readonly version: string;
}

export type ReleaseSource = "api" | "file" | "crash";

/** What builds there are. Channels are compared without letter case. */
export class Releases {
  readonly #db: Kysely<Tables>;
  readonly #now: () => Date;

  constructor(db: Kysely<Tables>, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  /** Adds those that are not known yet. @returns how many were new */
  async add(releases: readonly Release[], source: ReleaseSource): Promise<number> {
    const added = this.#now().toISOString();
    let count = 0;
    for (const batch of inBatches(releases)) {
      const values = batch.map(({ product, channel, buildId, version }) => ({
        product,
        channel: channel.toLowerCase(),
        build_id: buildId,
        version,
        source,
        added,
      }));
      const results = await this.#db
        .insertInto("releases")
        .values(values)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      for (const { numInsertedOrUpdatedRows } of results) count += Number(numInsertedOrUpdatedRows ?? 0n);
    }
    return count;
  }

  /**
   * The versions of a build, in no order that means anything. What crashes say counts where nobody else has told of the
   * build.
   */
  async versionsOf(product: string, channel: string, buildId: string): Promise<string[]> {
    const rows = await this.#db
      .selectFrom("releases")
      .select(["version", "source"])
      .where("product", "=", product)
      .where("channel", "=", channel.toLowerCase())
      .where("build_id", "=", buildId)
      .orderBy("version")
      .execute();
    const told = rows.filter(({ source }) => source !== "crash");
    return (told.length > 0 ? told : rows).map(({ version }) => version);
  }

  /**
   * The first build of each version of a product, the newest first: of those that are not older than a build.
   * @param since as build ids are: `20260801000000`
   */
  async firstBuilds(
    product: string,
    since: string,
    limit = 100,
  ): Promise<Pick<Release, "version" | "buildId">[]> {
    const rows = await this.#db
      .selectFrom("releases")
      .select(({ fn }) => ["version", fn.min("build_id").as("first")])
      .where("product", "=", product)
      .groupBy("version")
      .having(({ fn }) => fn.min("build_id"), ">=", since)
      .orderBy("first", "desc")
      .orderBy("version")
      .limit(limit)
      .execute();
    return rows.map(({ version, first }) => ({ version, buildId: first }));
  }

  /** Those of a product, the newest build first. */
  async list(product: string, limit = 1000): Promise<Release[]> {
    const rows = await this.#db
      .selectFrom("releases")
      .selectAll()
      .where("product", "=", product)
      .orderBy("build_id", "desc")
      .orderBy("channel")
      .orderBy("version")
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      product: row.product,
      channel: row.channel,
      buildId: row.build_id,
      version: row.version,
    }));
  }
}
