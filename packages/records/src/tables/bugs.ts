import type { Kysely } from "kysely";
import { inBatches } from "../in-batches.ts";
import type { Tables } from "../schema.ts";

/** A bug of some tracker that names a signature. */
export interface BugLink {
  /** The tracker's number of it. */
  readonly bug: string;
  readonly signature: string;
}

/** Which bugs were filed for which signatures. */
export class Bugs {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Sets the signatures of a bug: those it had and has no longer are forgotten. */
  async set(bug: string, signatures: readonly string[]): Promise<void> {
    const wanted = [...new Set(signatures)];
    await this.#db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom("bugs").where("bug", "=", bug).execute();
      for (const batch of inBatches(wanted)) {
        await transaction
          .insertInto("bugs")
          .values(batch.map((signature) => ({ bug, signature })))
          .execute();
      }
    });
  }

  /** The bugs of signatures. */
  bySignatures(signatures: readonly string[]): Promise<BugLink[]> {
    return this.#by("signature", signatures);
  }

  /** The signatures of bugs. */
  byBugs(bugs: readonly string[]): Promise<BugLink[]> {
    return this.#by("bug", bugs);
  }

  async #by(column: keyof BugLink, wanted: readonly string[]): Promise<BugLink[]> {
    const found: BugLink[] = [];
    for (const batch of inBatches([...new Set(wanted)])) {
      const rows = this.#db.selectFrom("bugs").selectAll().where(column, "in", batch);
      found.push(...(await rows.orderBy("bug").orderBy("signature").execute()));
    }
    return found;
  }
}
