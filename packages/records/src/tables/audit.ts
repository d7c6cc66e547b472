import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

/** Somebody looked at what is protected, or changed what others rely on. */
export interface AuditEntry {
  readonly time: Date;
  /** A token's id, or whoever was logged in. */
  readonly who: string;
  /** What was done, in a word or two: `raw crash`, `dump`, `token created`. */
  readonly what: string;
  /** What it was done to: a crash id, a token's id. */
  readonly target: string;
}

export interface AuditQuery {
  readonly limit?: number;
  readonly since?: Date | undefined;
  readonly who?: string | undefined;
  readonly target?: string | undefined;
}

/** Who looked at what. Entries are added and read, never changed. */
export class Audit {
  readonly #db: Kysely<Tables>;
  readonly #now: () => Date;

  constructor(db: Kysely<Tables>, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  async add(entry: Omit<AuditEntry, "time">): Promise<void> {
    const row = { id: randomBytes(8).toString("hex"), time: this.#now().toISOString(), ...entry };
    await this.#db.insertInto("audit").values(row).execute();
  }

  /** The newest first. */
  async list({ limit = 100, since, who, target }: AuditQuery = {}): Promise<AuditEntry[]> {
    let query = this.#db.selectFrom("audit").select(["time", "who", "what", "target"]);
    if (since !== undefined) query = query.where("time", ">=", since.toISOString());
    if (who !== undefined) query = query.where("who", "=", who);
    if (target !== undefined) query = query.where("target", "=", target);
    const rows = await query.orderBy("time", "desc").orderBy("id", "desc").limit(limit).execute();
    return rows.map((row) => ({ ...row, time: new Date(row.time) }));
  }
}
