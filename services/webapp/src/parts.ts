import type { Logger, Metrics } from "@mayday/observability";
import type {
  BulkJobs,
  CrashJobs,
  Expiring,
  NamedQueue,
  Publisher,
  QueueHistory,
  Tallies,
} from "@mayday/queue";
import type { Records } from "@mayday/records";
import type { SearchEngine, SearchOptions } from "@mayday/search";
import type { MakeSignature, SiglistFile } from "@mayday/signature";
import type { CrashStorage, PingStorage } from "@mayday/storage";
import type { RateLimits } from "./api/rate-limits-options.ts";
import type { OpenId } from "./auth/open-id.ts";
import type { PageLinks } from "./pages/page-links.ts";
import type { Grant } from "./permissions.ts";

/** What the webapp is made of. */
export interface WebappParts {
  readonly storage: CrashStorage;
  readonly pings: Pick<PingStorage, "listBatches" | "loadProcessed">;
  readonly engine: SearchEngine;
  readonly publisher: Publisher;
  /** Jobs of many crashes. */
  readonly bulk: BulkJobs;
  /** Crashes that could not be processed. */
  readonly crashJobs: CrashJobs;
  /** Tokens, releases, bugs, the audit log. */
  readonly records: Records;
  /** Makes signatures as the processor makes them. */
  readonly makeSignature: MakeSignature;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** How the queues stand and stood. */
  readonly history: Pick<QueueHistory, "now" | "since">;
  /** What the services counted lately. */
  readonly tallies: Pick<Tallies, "since">;
  /** The queues, job by job; undefined where they cannot be looked into. */
  readonly queues?: readonly NamedQueue[];
  /** Where sessions are kept; in memory when undefined. */
  readonly sessions: Expiring | undefined;
  /** Where what took long to work out is kept for a while; nowhere when undefined. */
  readonly computed: Expiring | undefined;
  /** The login provider, where there is one. */
  readonly openId: OpenId | undefined;
  /** Whether people reach the webapp through https. */
  readonly isSecure: boolean;
  /** What every viewer may do, logged in or not. */
  readonly granted: Grant;
  /** The texts of the signature lists in use, for trials of changed ones. */
  readonly siglists: Readonly<Record<SiglistFile, string>>;
  /** Where sources and bugs are looked at. */
  readonly links: PageLinks;
  /** Where reports can be submitted, without a slash at the end: the start page tells it. */
  readonly collectorUrl: string;
  /** How searches are read. */
  readonly search: Pick<SearchOptions, "parity" | "products">;
  /** How often the API may be asked; undefined for any number. */
  readonly rateLimits?: RateLimits | undefined;
  readonly now: () => Date;
}
