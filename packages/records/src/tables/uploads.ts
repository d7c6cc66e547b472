import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

/** An upload of symbols. What the symbols service knows of its files is its own. */
export interface UploadRecord {
  readonly id: string;
  readonly created: Date;
  /** Who uploaded. */
  readonly owner: string;
  /** `receiving` or `completed`. */
  readonly state: string;
  readonly detail: UploadDetail;
}

/** What an upload brought and did. */
export interface UploadDetail {
  /** Name of the archive, as its sender called it. */
  readonly archive: string;
  /** Of the archive, or of what a plan named. */
  readonly bytes: number;
  readonly isTry: boolean;
  /** Files that are new, and those that were there already. */
  readonly files: number;
  readonly skipped: number;
  /** Files with something odd about them. */
  readonly problems: number;
  /** Symbol files whose symcache is neither built nor given up: some of their keys, `<debug file>/<debug id>/<file>`. */
  readonly waiting?: readonly string[];
  /** Of the crashes that missed these symbols: asked for again, processed by now, with another signature. */
  readonly healing?: {
    readonly asked: number;
    readonly healed: number;
    readonly changed: number;
    readonly isOver: boolean;
    /** How they could be read before and after; absent where it is not known. */
    readonly effect?: HealingEffect;
  };
}

/** What symbols made of the crashes that missed them. */
export interface HealingEffect {
  /** Frames of the crashing threads, and those of them with a function's name. */
  readonly before: { readonly frames: number; readonly named: number };
  readonly after: { readonly frames: number; readonly named: number };
  /** Signatures that became others, those of most crashes first; not all of them. */
  readonly changes: readonly { readonly before: string; readonly after: string; readonly crashes: number }[];
}

/** Uploads of symbols. */
export class Uploads {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Adds an upload, or takes its place. */
  async save({ id, created, owner, state, detail }: UploadRecord): Promise<void> {
    const changing = { state, detail: JSON.stringify(detail), waiting: detail.waiting?.length ?? 0 };
    await this.#db
      .insertInto("uploads")
      .values({ id, created: created.toISOString(), owner, ...changing })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(changing))
      .execute();
  }

  async get(id: string): Promise<UploadRecord | undefined> {
    const row = await this.#db.selectFrom("uploads").selectAll().where("id", "=", id).executeTakeFirst();
    return row === undefined ? undefined : uploadOf(row);
  }

  /** Uploads before then of which symcaches are not built, the oldest first. */
  async waiting(before: Date, limit = 100): Promise<UploadRecord[]> {
    const rows = await this.#db
      .selectFrom("uploads")
      .selectAll()
      .where("waiting", ">", 0)
      .where("created", "<", before.toISOString())
      .orderBy("created")
      .orderBy("id")
      .limit(limit)
      .execute();
    return rows.map(uploadOf);
  }

  /** Has an upload not waited for any more, until something else of it is saved. */
  async giveUp(id: string): Promise<void> {
    await this.#db.updateTable("uploads").set({ waiting: 0 }).where("id", "=", id).execute();
  }

  /** The newest first, of an owner or of everybody. */
  async list({ owner, limit = 100 }: { owner?: string; limit?: number } = {}): Promise<UploadRecord[]> {
    let query = this.#db.selectFrom("uploads").selectAll();
    if (owner !== undefined) query = query.where("owner", "=", owner);
    const rows = await query.orderBy("created", "desc").orderBy("id", "desc").limit(limit).execute();
    return rows.map(uploadOf);
  }
}

function uploadOf({ id, created, owner, state, detail }: Tables["uploads"]): UploadRecord {
  return { id, created: new Date(created), owner, state, detail: JSON.parse(detail) };
}
