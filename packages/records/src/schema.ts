/**
 * The tables. Times are text, `YYYY-MM-DDTHH:MM:SS.sssZ`, which both databases sort and compare alike; lists and objects
 * are JSON in text; build ids are text of digits.
 */
export interface Tables {
  readonly tokens: TokenRow;
  readonly releases: ReleaseRow;
  readonly signatures: SignatureRow;
  readonly bugs: BugRow;
  readonly audit: AuditRow;
  readonly uploads: UploadRow;
  readonly usage: UsageRow;
  readonly deletions: DeletionRow;
  readonly trends: TrendRow;
  readonly searches: SearchRow;
}

export interface TokenRow {
  readonly id: string;
  /** SHA-256 of the token, hex: the token itself is nowhere. */
  readonly hash: string;
  /** JSON list of permissions. */
  readonly permissions: string;
  readonly note: string;
  readonly owner: string;
  readonly created: string;
  /** Null: it does not expire. */
  readonly expires: string | null;
  readonly revoked: string | null;
}

interface ReleaseRow {
  readonly product: string;
  readonly channel: string;
  readonly build_id: string;
  readonly version: string;
  /** Who said so: `api`, `file`, `crash`. */
  readonly source: string;
  readonly added: string;
}

interface SignatureRow {
  readonly signature: string;
  readonly first_build: string;
  readonly first_date: string;
}

interface BugRow {
  readonly bug: string;
  readonly signature: string;
}

interface AuditRow {
  readonly id: string;
  readonly time: string;
  readonly who: string;
  readonly what: string;
  /** What it was done to: a crash id, a token's id. */
  readonly target: string;
}

interface UsageRow {
  readonly product: string;
  readonly version: string;
  readonly channel: string;
  readonly platform: string;
  readonly day: string;
  readonly hours: number;
  readonly users: number;
}

interface TrendRow {
  readonly product: string;
  readonly source: "report" | "ping";
  readonly signature: string;
  readonly kind: "new" | "rising" | "gone";
  readonly day: string;
  readonly count: number;
  readonly expected: number;
  readonly high: number;
  readonly days: number;
  /** 1 once somebody was told, or need not be. */
  readonly told: number;
  readonly attempts: number;
}

interface SearchRow {
  readonly id: string;
  readonly owner: string;
  readonly owner_name: string;
  readonly name: string;
  /** A query string: its length is bounded by who saves it. */
  readonly query: string;
  /** 1 where everybody sees it. */
  readonly shared: number;
  readonly saved: string;
}

interface UploadRow {
  readonly id: string;
  readonly created: string;
  readonly owner: string;
  readonly state: string;
  /** JSON: what the symbols service knows of the upload. */
  readonly detail: string;
  /** Of its files, those without a symcache. */
  readonly waiting: number;
}

interface DeletionRow {
  readonly id: string;
  /** SHA-256 of the client id, hex. */
  readonly client_hash: string;
  /** Null once the request is done: what was deleted does not live on here. */
  readonly client_id: string | null;
  readonly who: string;
  readonly asked: string;
  /** When it was worked at last; empty before. */
  readonly looked: string;
  readonly done: string | null;
  readonly crashes: number;
  readonly pings: number;
}
