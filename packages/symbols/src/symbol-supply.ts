import { errorLine } from "@mayday/crash";
import { buildSymcache } from "./build-symcache.ts";
import { inflated } from "./inflate.ts";
import { type ModuleIdentity, type SymbolFilePath, symbolFilePath } from "./symbol-file-path.ts";
import type { SymbolSource } from "./symbol-source.ts";
import { Symcache } from "./symcache.ts";
import type { SymcacheFolder } from "./symcache-folder.ts";

/** A module's symbols, or why there are none. "Not there" is an answer that is kept for a while, not an error. */
export type SymbolsEntry =
  | { readonly kind: "found"; readonly symcache: Symcache }
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

/** Finds modules' symcaches: in memory, in the machine's folder, else built from the text that a source has. */
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
      sizes.set(key, entry.symcache.size);
      evict();
    } else forgetAt.set(key, options.now() + options.missesLastMs);
  }

  function forgetOldMisses(): void {
    for (const [key, at] of forgetAt) {
      if (at > options.now()) break;
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
  { sources, folder, onEvent }: SymbolSupplyOptions,
): Promise<SymbolsEntry> {
  const cached = await folder.read(path);
  if (cached !== undefined) {
    onEvent?.("disk", module);
    return { kind: "found", symcache: cached };
  }
  const failures: string[] = [];
  let malformed = false;
  for (const source of sources) {
    try {
      const built = await buildFrom(source, path, module);
      if (built === undefined) continue;
      // A disk that is full costs the next process a build, not this crash its symbols.
      await folder.write(path, built).catch((error) => onEvent?.("unsaved", module, errorLine(error)));
      onEvent?.("built", module);
      return { kind: "found", symcache: new Symcache(built) };
    } catch (error) {
      malformed ||= isMalformed(error);
      failures.push(`${source.name}: ${errorLine(error)}`);
    }
  }
  const kind = malformed ? "malformed" : "missing";
  const why = failures.join("; ") || "no source has them";
  onEvent?.(kind, module, why);
  return { kind, why };
}

/** Whether the file is at fault, as broken text or broken gzip, and not the way to it. */
function isMalformed(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === "SYMBOLS_MALFORMED" || (typeof code === "string" && code.startsWith("Z_"));
}

async function buildFrom(
  source: SymbolSource,
  path: SymbolFilePath,
  { codeFile, codeId }: ModuleIdentity,
): Promise<Buffer | undefined> {
  const found = await source.find(path, {
    ...(codeFile === undefined ? {} : { codeFile }),
    ...(codeId === undefined ? {} : { codeId }),
  });
  if (found === undefined) return undefined;
  return buildSymcache(inflated(found.bytes), { debugId: path.debugId, url: found.url ?? "" });
}
