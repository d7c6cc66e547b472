import { type Kysely, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { migrations } from "./migrations.ts";
import type { Tables } from "./schema.ts";
import { Audit } from "./tables/audit.ts";
import { Bugs } from "./tables/bugs.ts";
import { Deletions } from "./tables/deletions.ts";
import { Releases } from "./tables/releases.ts";
import { Searches } from "./tables/searches.ts";
import { Signatures } from "./tables/signatures.ts";
import { Tokens } from "./tables/tokens.ts";
import { Trends } from "./tables/trends.ts";
import { Uploads } from "./tables/uploads.ts";
import { UsageTable } from "./tables/usage.ts";

/** What Mayday knows that is no crash. */
export interface Records {
  readonly tokens: Tokens;
  readonly releases: Releases;
  readonly signatures: Signatures;
  readonly bugs: Bugs;
  readonly audit: Audit;
  readonly uploads: Uploads;
  readonly usage: UsageTable;
  readonly deletions: Deletions;
  readonly trends: Trends;
  readonly searches: Searches;
  /** Which database it is, as people read it: `SQLite, data/records.sqlite`. */
  readonly name: string;
  /** Throws when the database does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** The records in a database whose schema is as the migrations leave it. */
export function recordsIn(db: Kysely<Tables>, name: string, now: () => Date): Records {
  return {
    name,
    tokens: new Tokens(db, now),
    releases: new Releases(db, now),
    signatures: new Signatures(db),
    bugs: new Bugs(db),
    audit: new Audit(db, now),
    uploads: new Uploads(db),
    usage: new UsageTable(db),
    deletions: new Deletions(db, now),
    trends: new Trends(db),
    searches: new Searches(db, now),
    async check() {
      await sql`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
}

/** Brings the schema up to this version. Steps that are done are left alone. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}
