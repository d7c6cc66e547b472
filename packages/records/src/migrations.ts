import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * The schema's steps, in their order, the same for both databases. A step that was released never changes: what comes
 * later is a step of its own, and one that the version before can live with.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  "001-first-tables": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("tokens")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("hash", "text", (column) => column.notNull().unique())
        .addColumn("permissions", "text", (column) => column.notNull())
        .addColumn("note", "text", (column) => column.notNull())
        .addColumn("owner", "text", (column) => column.notNull())
        .addColumn("created", "text", (column) => column.notNull())
        .addColumn("expires", "text")
        .addColumn("revoked", "text")
        .execute();
      await db.schema
        .createTable("releases")
        .addColumn("product", "text", (column) => column.notNull())
        .addColumn("channel", "text", (column) => column.notNull())
        .addColumn("build_id", "text", (column) => column.notNull())
        .addColumn("version", "text", (column) => column.notNull())
        .addColumn("source", "text", (column) => column.notNull())
        .addColumn("added", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("releases_key", ["product", "channel", "build_id", "version"])
        .execute();
      await db.schema
        .createTable("signatures")
        .addColumn("signature", "text", (column) => column.primaryKey())
        .addColumn("first_build", "text", (column) => column.notNull())
        .addColumn("first_date", "text", (column) => column.notNull())
        .execute();
      await db.schema
        .createTable("bugs")
        .addColumn("bug", "text", (column) => column.notNull())
        .addColumn("signature", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("bugs_key", ["bug", "signature"])
        .execute();
      await db.schema.createIndex("bugs_by_signature").on("bugs").column("signature").execute();
      await db.schema
        .createTable("audit")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("time", "text", (column) => column.notNull())
        .addColumn("who", "text", (column) => column.notNull())
        .addColumn("what", "text", (column) => column.notNull())
        .addColumn("target", "text", (column) => column.notNull())
        .execute();
      await db.schema.createIndex("audit_by_time").on("audit").columns(["time", "id"]).execute();
      await db.schema
        .createTable("uploads")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("created", "text", (column) => column.notNull())
        .addColumn("owner", "text", (column) => column.notNull())
        .addColumn("state", "text", (column) => column.notNull())
        .addColumn("detail", "text", (column) => column.notNull())
        .execute();
      await db.schema.createIndex("uploads_by_created").on("uploads").columns(["created", "id"]).execute();
    },
  },
  "002-usage": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("usage")
        .addColumn("product", "text", (column) => column.notNull())
        .addColumn("version", "text", (column) => column.notNull())
        .addColumn("channel", "text", (column) => column.notNull())
        .addColumn("platform", "text", (column) => column.notNull())
        .addColumn("day", "text", (column) => column.notNull())
        .addColumn("hours", "double precision", (column) => column.notNull())
        .addColumn("users", "double precision", (column) => column.notNull())
        .addPrimaryKeyConstraint("usage_key", ["product", "version", "channel", "platform", "day"])
        .execute();
    },
  },
  "003-deletions": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("deletions")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("client_hash", "text", (column) => column.notNull())
        .addColumn("client_id", "text")
        .addColumn("who", "text", (column) => column.notNull())
        .addColumn("asked", "text", (column) => column.notNull())
        .addColumn("looked", "text", (column) => column.notNull())
        .addColumn("done", "text")
        .addColumn("crashes", "integer", (column) => column.notNull())
        .addColumn("pings", "integer", (column) => column.notNull())
        .execute();
      await db.schema
        .createIndex("deletions_by_client")
        .on("deletions")
        .columns(["client_hash", "done"])
        .execute();
      await db.schema.createIndex("deletions_by_asked").on("deletions").columns(["asked", "id"]).execute();
    },
  },
  "004-waiting-symcaches": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable("uploads")
        .addColumn("waiting", "integer", (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema
        .createIndex("uploads_by_waiting")
        .on("uploads")
        .columns(["waiting", "created"])
        .execute();
    },
  },
  "005-trends": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("trends")
        .addColumn("product", "text", (column) => column.notNull())
        .addColumn("source", "text", (column) => column.notNull())
        .addColumn("signature", "text", (column) => column.notNull())
        .addColumn("kind", "text", (column) => column.notNull())
        .addColumn("day", "text", (column) => column.notNull())
        .addColumn("count", "double precision", (column) => column.notNull())
        .addColumn("expected", "double precision", (column) => column.notNull())
        .addColumn("high", "double precision", (column) => column.notNull())
        .addColumn("days", "integer", (column) => column.notNull())
        .addColumn("told", "integer", (column) => column.notNull())
        .addColumn("attempts", "integer", (column) => column.notNull())
        .addPrimaryKeyConstraint("trends_key", ["product", "source", "signature", "kind"])
        .execute();
    },
  },
  "006-saved-searches": {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("searches")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("owner", "text", (column) => column.notNull())
        .addColumn("owner_name", "text", (column) => column.notNull())
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("query", "text", (column) => column.notNull())
        .addColumn("shared", "integer", (column) => column.notNull())
        .addColumn("saved", "text", (column) => column.notNull())
        .addUniqueConstraint("searches_by_name", ["owner", "name"])
        .execute();
      await db.schema.createIndex("searches_by_shared").on("searches").columns(["shared", "saved"]).execute();
    },
  },
};
