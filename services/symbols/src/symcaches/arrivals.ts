import type { SymbolsArrivedJob } from "@mayday/queue";

/** Who wants to know that symbols have come and are ready to be used: crashes that missed them are processed again. */
export interface Arrivals {
  /** Called once for each symbol file, when its symcache lies in the store. */
  arrived(symbols: SymbolsArrivedJob): Promise<void>;
}
