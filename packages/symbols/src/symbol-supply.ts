import { errorLine } from "@mayday/crash";
import { buildSymcache } from "./build-symcache.ts";
import { inflated } from "./inflate.ts";
import { type ModuleIdentity, type SymbolFilePath, symbolFilePath } from "./symbol-file-path.ts";
import type { SymbolSource } from "./symbol-source.ts";
import { Symcache } from "./symcache.ts";
import type { SymcacheFolder } from "./symcache-folder.ts";

/** A module's symbols and where their text was fetched (empty for a local file), or why there are none. "Not there" is an answer that is kept for a while, not an error. */
export type SymbolsEntry =
  | { readonly kind: "found"; readonly symbols: Symcache; readonly url: string }
  | { readonly kind: "missing" | "malformed"; readonly why: string };

/** How an entry was come by. */
export type SupplyEvent = "memory" | "disk" | "built" | "unsaved" | "missing" | "malformed";

export interface SymbolSupply {
  get(module: ModuleIdentity): Promise<SymbolsEntry>;
}

export interface SymbolSupplyOptions {
  /** Asked in order; the first that has the file wins, and a file that cannot be read moves on to the next. */
  readonly sources: readonly SymbolSource[];
  readonly folder: SymcacheFolder;
  /** Open symcaches are kept up to this many bytes. */
  readonly memoryBytes: number;
  /** How long a module without symbols is not asked for again, ms. */
  readonly missesLastMs: number;
  readonly now: () => number;
  readonly onEvent?: (event: SupplyEvent, module: ModuleIdentity, why?: string) => void;
}

/** How many modules without symbols are remembered: dumps name modules, and so anybody may name new ones for ever. */
const MAX_MISSES = 100_000;

/**
 * Finds modules' symcaches: in memory; else, source by source, in the machine's folder or built from the source's text.
 */
export function createSymbolSupply(options: SymbolSupplyOptions): SymbolSupply {
  const open = new Map<string, Promise<SymbolsEntry>>();
  const sizes = new Map<string, number>();
  const forgetAt = new Map<string, number>();

  function evict(): void {
    let total = sizes.values().reduce((sum, size) => sum + size, 0);
    for (const [key, size] of sizes) {
      if (total <= options.memoryBytes || sizes.size === 1) return;
      open.delete(key);
      sizes.delete(key);
      total -= size;
    }
  }

  function remember(key: string, entry: SymbolsEntry): void {
    if (entry.kind === "found") {
      sizes.set(key, entry.symbols.size);
      evict();
    } else forgetAt.set(key, options.now() + options.missesLastMs);
  }

  function forgetOldMisses(): void {
    for (const [key, at] of forgetAt) {
      if (at > options.now() && forgetAt.size <= MAX_MISSES) break;
      forgetAt.delete(key);
      open.delete(key);
    }
  }

  return {
    get(module) {
      const path = symbolFilePath(module);
      if (path === undefined) return Promise.resolve({ kind: "missing", why: "the dump names no debug id" });
      forgetOldMisses();
      const key = `${path.debugFile}/${path.debugId}`;
      const known = open.get(key);
      if (known !== undefined) {
        touch(open, key);
        touch(sizes, key);
        options.onEvent?.("memory", module);
        return known;
      }
      const entry = find(path, module, options);
      open.set(key, entry);
      entry.then(
        (found) => remember(key, found),
        () => open.delete(key),
      );
      return entry;
    },
  };
}

/** Makes `key` the youngest entry of a map that keeps the order of insertion. */
function touch<V>(map: Map<string, V>, key: string): void {
  const value = map.get(key);
  if (value === undefined) return;
  map.delete(key);
  map.set(key, value);
}

async function find(
  path: SymbolFilePath,
  module: ModuleIdentity,
  options: SymbolSupplyOptions,
): Promise<SymbolsEntry> {
  const failures: string[] = [];
  let malformed = false;
  for (const source of options.sources) {
    try {
      const symcache = await fromSource(source, path, module, options);
      if (symcache !== undefined) return { kind: "found", symbols: symcache, url: symcache.info.url };
    } catch (error) {
      malformed ||= isMalformed(error);
      failures.push(`${source.name}: ${errorLine(error)}`);
    }
  }
  const kind = malformed ? "malformed" : "missing";
  const why = failures.join("; ") || "no source has them";
  options.onEvent?.(kind, module, why);
  return { kind, why };
}

/** The symcache of a source's text: the one in the folder, else built, by one builder however many ask. */
async function fromSource(
  source: SymbolSource,
  path: SymbolFilePath,
  module: ModuleIdentity,
  { folder, onEvent }: SymbolSupplyOptions,
): Promise<Symcache | undefined> {
  const fromFolder = async () => {
    const cached = await folder.read(path, source.name);
    if (cached !== undefined) onEvent?.("disk", module);
    return cached;
  };
  const cached = await fromFolder();
  if (cached !== undefined) return cached;
  const found = await source.find(path, codeInfo(module));
  if (found === undefined) return undefined;
  return folder.alone(path, source.name, async () => {
    const builtMeanwhile = await fromFolder();
    if (builtMeanwhile !== undefined) {
      await letGo(found.bytes);
      return builtMeanwhile;
    }
    const built = await buildSymcache(inflated(found.bytes), { debugId: path.debugId, url: found.url ?? "" });
    // A disk that is full costs the next process a build, not this crash its symbols.
    await folder
      .write(path, source.name, built)
      .catch((error) => onEvent?.("unsaved", module, errorLine(error)));
    onEvent?.("built", module);
    return new Symcache(built);
  });
}

/** Closes the file or connection behind bytes that nobody wants any more. */
async function letGo(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  // An iterator that was never asked for anything closes nothing.
  const iterator = bytes[Symbol.asyncIterator]();
  await iterator.next().catch(() => undefined);
  await iterator.return?.().catch(() => undefined);
}

function codeInfo({ codeFile, codeId }: ModuleIdentity): { codeFile?: string; codeId?: string } {
  return { ...(codeFile === undefined ? {} : { codeFile }), ...(codeId === undefined ? {} : { codeId }) };
}

/** Whether the file is at fault, as broken text or broken gzip, and not the way to it. */
function isMalformed(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === "SYMBOLS_MALFORMED" || (typeof code === "string" && code.startsWith("Z_"));
}
