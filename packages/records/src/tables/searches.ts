import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

/** A search that somebody gave a name. */
export interface SavedSearch {
  readonly id: string;
  /** Whose it is, as tokens have it. */
  readonly owner: string;
  /** The owner as pages show it. */
  readonly ownerName: string;
  readonly name: string;
  /** The query string of the search's address, without `?`. */
  readonly query: string;
  /** Whether everybody sees it. */
  readonly isShared: boolean;
  readonly saved: Date;
}

export type NewSearch = Omit<SavedSearch, "id" | "saved">;

/** So many one person may have. */
export const MOST_SEARCHES = 200;

/** What became of a search that was to be saved: there, in the place of one of that name, or one too many. */
export type SaveOutcome = "saved" | "replaced" | "TOO_MANY";

/** Searches by the names that people gave them; a name is one search of its owner. */
export class Searches {
  readonly #db: Kysely<Tables>;
  readonly #now: () => Date;

  constructor(db: Kysely<Tables>, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  /** Keeps a search under its name; what its owner had under that name before gives way. */
  save({ owner, ownerName, name, query, isShared }: NewSearch): Promise<SaveOutcome> {
    const changing = {
      owner_name: ownerName,
      query,
      shared: isShared ? 1 : 0,
      saved: this.#now().toISOString(),
    };
    return this.#db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable("searches")
        .set(changing)
        .where("owner", "=", owner)
        .where("name", "=", name)
        .executeTakeFirst();
      if (numUpdatedRows > 0n) return "replaced";
      const { count } = await transaction
        .selectFrom("searches")
        .select(({ fn }) => fn.countAll<number | string>().as("count"))
        .where("owner", "=", owner)
        .executeTakeFirstOrThrow();
      if (Number(count) >= MOST_SEARCHES) return "TOO_MANY";
      await transaction
        .insertInto("searches")
        .values({ id: randomBytes(6).toString("hex"), owner, name, ...changing })
        // Whoever saves twice at once saves one search.
        .onConflict((conflict) => conflict.columns(["owner", "name"]).doUpdateSet(changing))
        .execute();
      return "saved";
    });
  }

  /** All of an owner, the one saved last first. */
  async list(owner: string): Promise<SavedSearch[]> {
    const rows = await this.#db
      .selectFrom("searches")
      .selectAll()
      .where("owner", "=", owner)
      .orderBy("saved", "desc")
      .orderBy("id")
      .execute();
    return rows.map(searchOf);
  }

  /** Those that everybody sees, but the owner's own; the one saved last first. */
  async shared(limit: number, owner?: string): Promise<SavedSearch[]> {
    let query = this.#db.selectFrom("searches").selectAll().where("shared", "=", 1);
    if (owner !== undefined) query = query.where("owner", "<>", owner);
    const rows = await query.orderBy("saved", "desc").orderBy("id").limit(limit).execute();
    return rows.map(searchOf);
  }

  /** @returns whether its owner had it */
  async remove(id: string, owner: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom("searches")
      .where("id", "=", id)
      .where("owner", "=", owner)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
}

function searchOf({ id, owner, owner_name, name, query, shared, saved }: Tables["searches"]): SavedSearch {
  return { id, owner, ownerName: owner_name, name, query, isShared: shared === 1, saved: new Date(saved) };
}
