import type { Logger, Metrics } from "@mayday/observability";
import type { SymbolStorage } from "@mayday/storage";
import type { SymbolSupply } from "@mayday/symbols";
import type { RequestLimits, SupplyNotes } from "./symbolicate/module-finder.ts";

/** What the symbols service is made of. */
export interface SymbolsParts {
  readonly storage: SymbolStorage;
  readonly supply: SymbolSupply;
  /** What the supply tells. */
  readonly notes: SupplyNotes;
  readonly limits: SymbolsLimits;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface SymbolsLimits {
  /** Of one request for symbolication. */
  readonly request: RequestLimits;
  /** Bytes of such a request's body. */
  readonly bodyBytes: number;
}
