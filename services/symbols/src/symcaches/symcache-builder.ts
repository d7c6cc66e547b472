import type { SymbolKey, SymbolTree } from "@mayday/storage";
import { Piscina } from "piscina";
import type { BuiltSymcache } from "./build-stored.ts";

export interface BuildRequest {
  readonly key: SymbolKey;
  readonly tree: SymbolTree;
}

/** What became of a symcache. `gone`: its symbol file was removed meanwhile. */
export type BuildOutcome =
  | { readonly kind: "built"; readonly built: BuiltSymcache }
  | { readonly kind: "malformed"; readonly why: string }
  | { readonly kind: "gone" };

/** Builds symcaches of stored symbol files. */
export interface SymcacheBuilder {
  build(request: BuildRequest): Promise<BuildOutcome>;
  close(): Promise<void>;
}

/** How long a thread without work stays, ms. */
const IDLE_MS = 30_000;

/** Builds in threads, so that requests are answered meanwhile. @param store settings of the symbol store */
export function builderThreads(threads: number, store: Readonly<Record<string, unknown>>): SymcacheBuilder {
  const pool = new Piscina({
    filename: new URL("./thread-main.ts", import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    workerData: store,
  });
  // A thread that fails while it has nothing to do; the pool starts another one.
  pool.on("error", () => undefined);
  return {
    build: (request) => pool.run(request),
    close: () => pool.destroy(),
  };
}
