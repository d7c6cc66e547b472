import type { Logger, Metrics } from "@mayday/observability";
import type { MissingModules, UsedSymbols } from "@mayday/storage";
import type { SourceLinks, SymbolSupply } from "@mayday/symbols";
import type { Tokens } from "./access/tokens.ts";
import type { Misses } from "./download/misses.ts";
import type { SymbolProxy } from "./proxy/symbol-proxy.ts";
import type { RequestLimits, SupplyNotes } from "./symbolicate/module-finder.ts";
import type { UploadRules } from "./upload/add-upload.ts";
import type { SymbolShelf } from "./upload/symbol-shelf.ts";
import type { Plans } from "./uploads/plans.ts";

/** What the symbols service is made of. */
export interface SymbolsParts {
  readonly shelf: SymbolShelf;
  readonly plans: Plans;
  readonly tokens: Tokens;
  readonly misses: Misses;
  /** Counts what is asked for and not there. */
  readonly missing: MissingModules;
  /** Notes what is asked for and there. */
  readonly used: UsedSymbols;
  /** Fetches what is not stored here; undefined where that is not wanted. */
  readonly proxy: SymbolProxy | undefined;
  readonly supply: SymbolSupply;
  /** Where sources of servers are looked at that not everybody knows. */
  readonly sourceLinks: SourceLinks;
  /** What the supply tells. */
  readonly notes: SupplyNotes;
  readonly limits: SymbolsLimits;
  readonly rules: UploadRules;
  /** Where the store's objects are read by anybody; where it is empty, files are sent from here. */
  readonly objectsUrl: string;
  readonly log: Logger;
  readonly metrics: Metrics;
}

interface SymbolsLimits {
  /** Of one request for symbolication. */
  readonly request: RequestLimits;
  /** Bytes of such a request's body. */
  readonly bodyBytes: number;
}
