import type { Logger, Metrics } from "@mayday/observability";
import type { BulkJobs, CrashJobs, Notebook, Publisher } from "@mayday/queue";
import type { Records } from "@mayday/records";
import type { SearchEngine, SearchOptions } from "@mayday/search";
import type { MakeSignature } from "@mayday/signature";
import type { CrashStorage } from "@mayday/storage";
import type { RateLimits } from "./api/rate-limits-options.ts";
import type { Grant } from "./permissions.ts";

/** What the webapp is made of. */
export interface WebappParts {
  readonly storage: CrashStorage;
  readonly engine: SearchEngine;
  readonly publisher: Publisher;
  /** Jobs of many crashes. */
  readonly bulk: BulkJobs;
  /** Crashes that could not be processed. */
  readonly crashJobs: CrashJobs;
  /** Told of clients whose data is to be deleted. */
  readonly notebook: Pick<Notebook, "write">;
  /** Tokens, releases, bugs, the audit log. */
  readonly records: Records;
  /** Makes signatures as the processor makes them. */
  readonly makeSignature: MakeSignature;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** What every viewer may do, as long as there are no accounts. */
  readonly granted: Grant;
  /** Where reports can be submitted, without a slash at the end: the start page tells it. */
  readonly collectorUrl: string;
  /** How searches are read. */
  readonly search: Pick<SearchOptions, "parity" | "products">;
  /** How often the API may be asked; undefined for any number. */
  readonly rateLimits?: RateLimits | undefined;
  readonly now: () => Date;
}
