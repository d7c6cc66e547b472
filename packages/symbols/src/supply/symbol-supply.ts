import { MaydayError } from "@mayday/errors";
import { BlockCache } from "../symcache/read/block-cache.ts";
import type { SymbolLookups } from "../symcache/read/symbol-lookups.ts";
import { ByteBudget, isOverBudget } from "./byte-budget.ts";
import { type Fetched, type FetchPlace, fetchSymcache } from "./fetch-symcache.ts";
import { type ModuleIdentity, symbolFilePath } from "./symbol-file-path.ts";
import type { DebugInfo, SymbolSource } from "./symbol-source.ts";
import type { SymcacheFolder } from "./symcache-folder.ts";

/**
 * A module's symbols and where their text was fetched (empty for a local file), or why there are none. "Not there" is
 * an answer that is kept for a while, not an error. `debugInfo` tells what a module that was named by its code alone is.
 */
export type SymbolsEntry = { readonly debugInfo?: DebugInfo } & (
  | { readonly kind: "found"; readonly symbols: SymbolLookups; readonly url: string }
  | { readonly kind: "missing" | "malformed"; readonly why: string }
);

/** How an entry was come by. */
export type SupplyEvent =
  | "memory"
  | "disk"
  | "text"
  | "fetched"
  | "built"
  | "unsaved"
  | "damaged"
  | "missing"
  | "malformed";

export interface SymbolSupply {
  /**
   * A module's entry. The budget bears what is read from sources for this answer; what another asker has begun to read
   * is that one's. Misses that were noted before `missesSince`, ms since 1970, do not count: symbols have come since.
   * @throws {MaydayError} SYMBOLS_OVER_BUDGET when it does not suffice
   */
  get(module: ModuleIdentity, budget?: ByteBudget, missesSince?: number): Promise<SymbolsEntry>;
}

export interface SymbolSupplyOptions {
  /** Asked in order; the first that has the file wins, and a file that cannot be read moves on to the next. */
  readonly sources: readonly SymbolSource[];
  readonly folder: SymcacheFolder;
  /** Open symcaches are kept up to this many bytes. */
  readonly memoryBytes: number;
  /** The parts of symcaches that were read last are kept up to this many bytes; 16 MiB by default. */
  readonly blockBytes?: number;
  /** How long a module without symbols is not asked for again, ms. */
  readonly missesLastMs: number;
  readonly now: () => number;
  /**
   * Given, symbol files on this machine answer themselves where no symcache of them is there: for one crash that is
   * quicker than building it. It is told of each, and of the length of its text: the next crash should find a symcache.
   */
  readonly onAnswerFromText?: (module: DebugInfo, textBytes: number) => void;
  /**
   * Given, symbol files that lie near answer themselves, too, while this puts their symcache into the folder, elsewhere:
   * when it is done, who asks next finds that. Where it fails they are built as without it.
   */
  readonly buildBehind?: (module: DebugInfo) => Promise<void>;
  readonly onEvent?: (event: SupplyEvent, module: ModuleIdentity, why?: string) => void;
}

/** How many modules without symbols are remembered: dumps name modules, and so anybody may name new ones for ever. */
const MAX_MISSES = 100_000;

/**
 * Finds modules' symcaches: in memory; else, source by source, in the machine's folder, beside the symbol file, or
 * built from its text. A look-up that meets a damaged symcache throws SYMCACHE_CORRUPT; it is forgotten then, so that
 * who asks again gets a good one ({@link retryDamaged}).
 */
export function createSymbolSupply(options: SymbolSupplyOptions): SymbolSupply {
  const open = new Map<string, Promise<SymbolsEntry>>();
  const sizes = new Map<string, number>();
  const forgetAt = new Map<string, number>();
  const blocks = new BlockCache(options.blockBytes);
  /** What turned out to be damaged once, or could not be built behind, is built from then on. */
  const damaged = new Set<string>();

  function evict(): void {
    let total = sizes.values().reduce((sum, size) => sum + size, 0);
    for (const [key, size] of sizes) {
      if (total <= options.memoryBytes || sizes.size === 1) return;
      forget(key);
      total -= size;
    }
  }

  function forget(key: string): void {
    open.delete(key);
    sizes.delete(key);
    forgetAt.delete(key);
  }

  function remember(key: string, entry: SymbolsEntry): void {
    if (!open.has(key)) return;
    if (entry.kind === "found") {
      sizes.set(key, entry.symbols.size);
      evict();
    } else forgetAt.set(key, options.now() + options.missesLastMs);
  }

  function forgetOldMisses(): void {
    for (const [key, at] of forgetAt) {
      if (at > options.now() && forgetAt.size <= MAX_MISSES) break;
      forget(key);
    }
  }

  /** The entry under a key, found by `find` when there is none. */
  function entryOf(
    key: string,
    module: ModuleIdentity,
    missesSince: number,
    find: () => Promise<SymbolsEntry>,
  ): Promise<SymbolsEntry> {
    forgetOldMisses();
    const missUntil = forgetAt.get(key);
    if (missUntil !== undefined && missUntil - options.missesLastMs < missesSince) forget(key);
    const known = open.get(key);
    if (known !== undefined) {
      touch(open, key);
      touch(sizes, key);
      options.onEvent?.("memory", module);
      return known;
    }
    const entry = find();
    open.set(key, entry);
    entry.then(
      (found) => remember(key, found),
      () => open.delete(key),
    );
    return entry;
  }

  async function get(
    module: ModuleIdentity,
    budget = new ByteBudget(),
    missesSince = 0,
  ): Promise<SymbolsEntry> {
    for (;;) {
      try {
        return await getOnce(module, budget, missesSince);
      } catch (error) {
        // It was another asker's budget that did not suffice.
        if (!isOverBudget(error) || budget.isSpent) throw error;
      }
    }
  }

  function getOnce(module: ModuleIdentity, budget: ByteBudget, missesSince: number): Promise<SymbolsEntry> {
    const path = symbolFilePath(module);
    if (path === undefined) return byCode(module, budget, missesSince);
    const key = `${path.debugFile}/${path.debugId}`;
    const onDamage = () => {
      forget(key);
      damaged.add(key);
      options.onEvent?.("damaged", module);
    };
    const { onAnswerFromText, buildBehind } = options;
    const onText = (textBytes: number) => {
      onAnswerFromText?.(path, textBytes);
      buildBehind?.(path).then(
        () => forget(key),
        () => {
          forget(key);
          damaged.add(key);
        },
      );
    };
    return entryOf(key, module, missesSince, () =>
      findEntry(module, options, onText, {
        path,
        blocks,
        budget,
        missesSince,
        fromText: (onAnswerFromText !== undefined || buildBehind !== undefined) && !damaged.has(key),
        // It is being built as a whole already.
        ...(buildBehind !== undefined && { mostTextBytes: Number.POSITIVE_INFINITY }),
        onDamage,
      }),
    );
  }

  /** The entry of a module of which only the code's name and id are known. */
  function byCode(module: ModuleIdentity, budget: ByteBudget, missesSince: number): Promise<SymbolsEntry> {
    const { codeFile, codeId } = module;
    const missing: SymbolsEntry = { kind: "missing", why: "the dump names no debug id" };
    if (!codeFile || !codeId) return Promise.resolve(missing);
    return entryOf(`code ${codeFile}/${codeId}`, module, missesSince, async () => {
      const debugInfo = await identify({ codeFile, codeId }, options.sources);
      if (debugInfo === undefined || symbolFilePath(debugInfo) === undefined) return missing;
      return { ...(await get({ ...module, ...debugInfo }, budget, missesSince)), debugInfo };
    });
  }

  return { get };
}

/** Makes `key` the youngest entry of a map that keeps the order of insertion. */
function touch<V>(map: Map<string, V>, key: string): void {
  const value = map.get(key);
  if (value === undefined) return;
  map.delete(key);
  map.set(key, value);
}

/** What a module is, from the first source that knows; one that cannot answer is passed over. */
async function identify(
  code: { codeFile: string; codeId: string },
  sources: readonly SymbolSource[],
): Promise<DebugInfo | undefined> {
  for (const source of sources) {
    const found = await source.identify?.(code).catch(() => undefined);
    if (found !== undefined) return { debugFile: found.debugFile, debugId: found.debugId };
  }
  return undefined;
}

async function findEntry(
  module: ModuleIdentity,
  { sources, folder, missesLastMs, now, onEvent }: SymbolSupplyOptions,
  onText: (textBytes: number) => void,
  wanted: Omit<FetchPlace, "code" | "source" | "folder">,
): Promise<SymbolsEntry> {
  const failures: string[] = [];
  let isMalformed = false;
  for (const source of sources) {
    const place = { ...wanted, code: codeInfo(module), source, folder };
    const fetched: Fetched | undefined = await fetchSymcache(place, () => now() + missesLastMs);
    if (fetched === undefined) continue;
    if (fetched.kind === "found") {
      if (fetched.unsaved !== undefined) onEvent?.("unsaved", module, fetched.unsaved);
      if (fetched.textBytes !== undefined) onText(fetched.textBytes);
      onEvent?.(fetched.from, module);
      return { kind: "found", symbols: fetched.symbols, url: fetched.symbols.info.url };
    }
    isMalformed ||= fetched.kind === "malformed";
    failures.push(`${source.name}: ${fetched.why}`);
  }
  const kind = isMalformed ? "malformed" : "missing";
  const why = failures.join("; ") || "no source has them";
  onEvent?.(kind, module, why);
  return { kind, why };
}

function codeInfo({ codeFile, codeId }: ModuleIdentity): { codeFile?: string; codeId?: string } {
  return { ...(codeFile === undefined ? {} : { codeFile }), ...(codeId === undefined ? {} : { codeId }) };
}

/** How often work is begun again that met a damaged symcache; each time that one is replaced. */
const MAX_RETRIES = 3;

/** Does work that looks things up in symcaches, anew when it met a damaged one. */
export async function retryDamaged<T>(work: () => Promise<T>): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await work();
    } catch (error) {
      const isDamage = error instanceof MaydayError && error.code === "SYMCACHE_CORRUPT";
      if (!isDamage || retries === MAX_RETRIES) throw error;
    }
  }
}
