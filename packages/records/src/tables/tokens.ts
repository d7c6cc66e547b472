import { hash, randomBytes } from "node:crypto";
import { isPermission, type Permission } from "@mayday/crash";
import type { Kysely, Selectable } from "kysely";
import type { Tables, TokenRow } from "../schema.ts";

/** What is known of a token; the token itself was shown once, when it was made. */
export interface Token {
  readonly id: string;
  readonly permissions: readonly Permission[];
  readonly note: string;
  /** Whose it is. */
  readonly owner: string;
  readonly created: Date;
  readonly expires: Date | undefined;
  readonly revoked: Date | undefined;
}

export interface NewToken {
  readonly permissions: readonly Permission[];
  readonly owner: string;
  readonly note?: string;
  readonly expires?: Date | undefined;
}

/** Tokens of the APIs. Only their hashes are kept: who reads the database can use none of them. */
export class Tokens {
  readonly #db: Kysely<Tables>;
  readonly #now: () => Date;

  constructor(db: Kysely<Tables>, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  /** @returns the token's text, which nobody can be told again, and what is kept of it */
  async create({
    permissions,
    owner,
    note = "",
    expires,
  }: NewToken): Promise<{ text: string; token: Token }> {
    const text = randomBytes(20).toString("hex");
    const row: TokenRow = {
      id: randomBytes(6).toString("hex"),
      hash: hashOf(text),
      permissions: JSON.stringify([...new Set(permissions)].sort()),
      note,
      owner,
      created: this.#now().toISOString(),
      expires: expires?.toISOString() ?? null,
      revoked: null,
    };
    await this.#db.insertInto("tokens").values(row).execute();
    return { text, token: tokenOf(row) };
  }

  /** The token with that text, as long as it is valid. */
  async find(text: string): Promise<Token | undefined> {
    return this.#valid("hash", hashOf(text));
  }

  async #valid(column: "hash" | "id", value: string): Promise<Token | undefined> {
    const row = await this.#db
      .selectFrom("tokens")
      .selectAll()
      .where(column, "=", value)
      .where("revoked", "is", null)
      .executeTakeFirst();
    if (row === undefined || (row.expires !== null && row.expires <= this.#now().toISOString()))
      return undefined;
    return tokenOf(row);
  }

  /** The token with that id, as long as it is valid. */
  async get(id: string): Promise<Token | undefined> {
    return this.#valid("id", id);
  }

  /** All of an owner, or of everybody, the newest first; those that are no longer valid too. */
  async list(owner?: string): Promise<Token[]> {
    let query = this.#db.selectFrom("tokens").selectAll();
    if (owner !== undefined) query = query.where("owner", "=", owner);
    const rows = await query.orderBy("created", "desc").orderBy("id").execute();
    return rows.map(tokenOf);
  }

  /** @returns whether there was such a token that was not revoked yet */
  async revoke(id: string, owner?: string): Promise<boolean> {
    let query = this.#db.updateTable("tokens").set({ revoked: this.#now().toISOString() });
    if (owner !== undefined) query = query.where("owner", "=", owner);
    const { numUpdatedRows } = await query
      .where("id", "=", id)
      .where("revoked", "is", null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }
}

const hashOf = (text: string): string => hash("sha256", text);

function tokenOf(row: Selectable<TokenRow>): Token {
  const permissions = JSON.parse(row.permissions) as string[];
  return {
    id: row.id,
    // One that a later version gave and this one does not know gives nothing.
    permissions: permissions.filter(isPermission),
    note: row.note,
    owner: row.owner,
    created: new Date(row.created),
    expires: row.expires === null ? undefined : new Date(row.expires),
    revoked: row.revoked === null ? undefined : new Date(row.revoked),
  };
}
