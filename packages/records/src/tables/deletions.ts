import { createHash, randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";

/** A request that all of a client's data is deleted. */
export interface Deletion {
  readonly id: string;
  /** Undefined once it is done: what was deleted does not live on here. */
  readonly clientId: string | undefined;
  /** SHA-256 of the client id, hex: by it one can tell a client what became of its request. */
  readonly clientHash: string;
  /** Who asked. */
  readonly who: string;
  readonly asked: Date;
  readonly done: Date | undefined;
  /** What was removed until now. */
  readonly crashes: number;
  readonly pings: number;
}

/** Requests that the data of clients is deleted, kept for good: who asked, when, and what was removed. */
export class Deletions {
  readonly #db: Kysely<Tables>;
  readonly #now: () => Date;

  constructor(db: Kysely<Tables>, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  /** Asks for a client's data to be deleted. While a request of that client is open, it begins anew instead. */
  async ask(clientId: string, who: string): Promise<void> {
    const client_hash = hashOf(clientId);
    const asked = this.#now().toISOString();
    const [again] = await this.#db
      .updateTable("deletions")
      .set({ asked, looked: "" })
      .where("client_hash", "=", client_hash)
      .where("done", "is", null)
      .execute();
    if (Number(again?.numUpdatedRows ?? 0n) > 0) return;
    const fresh = { id: randomUUID(), looked: "", done: null, crashes: 0, pings: 0 };
    await this.#db
      .insertInto("deletions")
      .values({ ...fresh, client_hash, client_id: clientId, who, asked })
      .execute();
  }

  /** Requests that are not done and were not worked at since then, those that wait longest first. */
  async open(lookedBefore: Date, limit = 1000): Promise<Deletion[]> {
    const rows = await this.#db
      .selectFrom("deletions")
      .selectAll()
      .where("done", "is", null)
      .where("looked", "<", lookedBefore.toISOString())
      .orderBy("looked")
      .orderBy("asked")
      .limit(limit)
      .execute();
    return rows.map(deletionOf);
  }

  /** Notes what was removed; where it is done the client's id is forgotten. */
  async note(
    { id, asked }: Pick<Deletion, "id" | "asked">,
    {
      crashes,
      pings,
      isDone,
    }: { readonly crashes: number; readonly pings: number; readonly isDone: boolean },
  ): Promise<void> {
    const looked = this.#now().toISOString();
    await this.#db
      .updateTable("deletions")
      .set((row) => ({
        looked,
        crashes: row("crashes", "+", crashes),
        pings: row("pings", "+", pings),
      }))
      .where("id", "=", id)
      .execute();
    if (!isDone) return;
    // One that was asked anew meanwhile goes on.
    await this.#db
      .updateTable("deletions")
      .set({ done: looked, client_id: null })
      .where("id", "=", id)
      .where("asked", "=", asked.toISOString())
      .execute();
  }

  /** The newest first, of a client or of all. */
  async list({ clientId, limit = 100 }: { clientId?: string; limit?: number } = {}): Promise<Deletion[]> {
    let query = this.#db.selectFrom("deletions").selectAll();
    if (clientId !== undefined) query = query.where("client_hash", "=", hashOf(clientId));
    const rows = await query.orderBy("asked", "desc").orderBy("id").limit(limit).execute();
    return rows.map(deletionOf);
  }
}

/** Client ids are UUIDs, of which letter case tells nothing. */
const hashOf = (clientId: string): string =>
  createHash("sha256").update(clientId.toLowerCase()).digest("hex");

function deletionOf(row: Tables["deletions"]): Deletion {
  return {
    id: row.id,
    clientId: row.client_id ?? undefined,
    clientHash: row.client_hash,
    who: row.who,
    asked: new Date(row.asked),
    done: row.done === null ? undefined : new Date(row.done),
    crashes: row.crashes,
    pings: row.pings,
  };
}
