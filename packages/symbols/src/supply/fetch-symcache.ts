import { errorLine, MaydayError } from "@mayday/errors";
import { openText } from "../sym-text/open-text.ts";
import { buildSymcache } from "../symcache/build/build-symcache.ts";
import { SpillingFile } from "../symcache/build/spilling-file.ts";
import type { BlockCache } from "../symcache/read/block-cache.ts";
import type { SymbolLookups } from "../symcache/read/symbol-lookups.ts";
import { Symcache } from "../symcache/read/symcache.ts";
import type { SymcacheBytes } from "../symcache/read/symcache-bytes.ts";
import { type ByteBudget, isOverBudget, overBudget } from "./byte-budget.ts";
import { inflated } from "./inflate.ts";
import { otherSymbolFilePath, type SymbolFilePath } from "./symbol-file-path.ts";
import type { CodeInfo, FoundSymbolFile, SymbolSource } from "./symbol-source.ts";
import type { Absence, SymcacheFolder } from "./symcache-folder.ts";

/** A module's symbols of one source: where they are asked for, and where their symcache is kept. */
export interface FetchPlace {
  readonly path: SymbolFilePath;
  readonly code: CodeInfo;
  readonly source: SymbolSource;
  readonly folder: SymcacheFolder;
  readonly blocks: BlockCache;
  /** What may be read from the source. */
  readonly budget: ByteBudget;
  /** What was noted to be missing before, ms since 1970, is asked for again. */
  readonly missesSince: number;
  /** Whether a symbol file that lies near may answer itself, with no symcache built of it. */
  readonly fromText: boolean;
  /** How much of a text may be read for answers before it is built as a whole, bytes; see {@link TextSymbolsOptions}. */
  readonly mostTextBytes?: number;
  /** Called when the symcache turns out to be damaged, before the look-up throws. */
  readonly onDamage: () => void;
}

/** A symcache and how it was come by, or why there is none. `unsaved`: it serves, but others will have to build it. */
export type Fetched =
  | {
      readonly kind: "found";
      readonly symbols: SymbolLookups;
      readonly from: "disk" | "text" | "fetched" | "built";
      readonly unsaved?: string;
      /** Bytes of a text that answers itself. */
      readonly textBytes?: number;
    }
  | Absence;

/**
 * The symcache of a module from one source: the one in the folder, else the one beside the symbol file, else built from
 * its text. Of all that ask for the same one, in however many threads and processes, one does it.
 * @param notesUntil up to when it is remembered that the source has none, ms since 1970
 * @returns undefined when the source has none
 * @throws {MaydayError} SYMBOLS_OVER_BUDGET when the source has some and they are too large for the budget
 */
export async function fetchSymcache(
  place: FetchPlace,
  notesUntil: () => number,
): Promise<Fetched | undefined> {
  const fetched = (await known(place)) ?? (await fromText(place)) ?? (await fetchAlone(place, notesUntil));
  return fetched === undefined || isPlainlyMissing(fetched) ? undefined : fetched;
}

/** What the folder has: the symcache, or why the source had none. */
async function known(place: FetchPlace): Promise<Fetched | undefined> {
  return (
    (await fromFolder(place)) ??
    (await place.folder.absence(place.path, place.source.name, place.missesSince))
  );
}

/**
 * The symbol file itself, where it may answer and lies on this machine without a symcache beside it. It needs no lock,
 * and whatever goes wrong is met again, and told, by who builds.
 */
async function fromText(place: FetchPlace): Promise<Fetched | undefined> {
  const { path, code, source, fromText } = place;
  if (!fromText || !source.isLocal) return undefined;
  try {
    const ready = await source.findSymcache?.(path);
    if (ready !== undefined) {
      await ready.close?.();
      return undefined;
    }
    const found = await findText(source, path, code);
    if (found?.file === undefined) {
      await found?.close?.();
      return undefined;
    }
    return await answering(found, place);
  } catch (error) {
    if (isOverBudget(error)) throw error;
    return undefined;
  }
}

/** A text that answers itself; undefined when it has to be built to know what it says. */
async function answering(
  found: FoundSymbolFile,
  { path, blocks, budget, onDamage, mostTextBytes }: FetchPlace,
): Promise<Fetched | undefined> {
  const symbols = await openText(found, path.debugId, budget, {
    blocks,
    onDamage,
    ...(mostTextBytes !== undefined && { mostBytes: mostTextBytes }),
  });
  return symbols && { kind: "found", symbols, from: "text", textBytes: symbols.textBytes };
}

async function fetchAlone(place: FetchPlace, notesUntil: () => number): Promise<Fetched | undefined> {
  const { path, source, folder } = place;
  // Asking a folder is cheaper than the lock; asking a server is what the lock keeps others from.
  if (source.isLocal && !(await hasAny(place))) return undefined;
  return folder.alone(path, source.name, async () => {
    const meanwhile = await known(place);
    if (meanwhile !== undefined) return meanwhile;
    const fetched = (await fromSource(place).catch(failure)) ?? PLAINLY_MISSING;
    if (fetched.kind !== "found" && (fetched.kind === "malformed" || !source.isLocal)) {
      // A note that cannot be written costs others a question.
      await folder.noteAbsence(path, source.name, fetched, notesUntil()).catch(() => undefined);
    }
    return fetched;
  });
}

/** The source answered and has none. */
const PLAINLY_MISSING: Absence = { kind: "missing", why: "" };

function isPlainlyMissing(fetched: Fetched): boolean {
  return fetched.kind === "missing" && fetched.why === PLAINLY_MISSING.why;
}

/** Why nothing was fetched: the file is at fault, as broken text or broken gzip, or the way to it. */
function failure(error: unknown): Absence {
  // That says nothing of the source: who has more to spend gets the symbols.
  if (isOverBudget(error)) throw error;
  const { code } = error as { code?: unknown };
  const isMalformed =
    code === "SYMBOLS_MALFORMED" || (typeof code === "string" && /^(Z_|ZSTD_|ERR_ZSTD)/.test(code));
  return { kind: isMalformed ? "malformed" : "missing", why: errorLine(error) };
}

/** The symbol file, by either of its names. */
async function findText(
  source: SymbolSource,
  path: SymbolFilePath,
  code: CodeInfo,
): Promise<FoundSymbolFile | undefined> {
  const other = otherSymbolFilePath(path);
  return (await source.find(path, code)) ?? (other && source.find(other, code));
}

async function hasAny({ path, code, source }: FetchPlace): Promise<boolean> {
  for (const find of [() => source.findSymcache?.(path), () => findText(source, path, code)]) {
    // What fails here fails again under the lock, where it is told.
    const found = await Promise.resolve(find()).catch(() => "trouble" as const);
    if (found === "trouble") return true;
    if (found === undefined) continue;
    await found.close?.();
    return true;
  }
  return false;
}

async function fromFolder(place: FetchPlace): Promise<Fetched | undefined> {
  const bytes = await place.folder.open(place.path, place.source.name);
  if (bytes === undefined) return undefined;
  try {
    return { kind: "found", symbols: opened(bytes, place), from: "disk" };
  } catch {
    // Cut, or of another version: it is written over.
    bytes.close();
    return undefined;
  }
}

/** Opens a symcache that lies in the folder. */
function opened(bytes: SymcacheBytes, { path, source, folder, blocks, onDamage }: FetchPlace): Symcache {
  return new Symcache(bytes, blocks, () => {
    folder.remove(path, source.name);
    onDamage();
  });
}

async function fromSource(place: FetchPlace): Promise<Fetched | undefined> {
  const ready = await readySymcache(place);
  if (ready !== undefined) return kept(ready, "fetched", place);
  const { path, code, source, budget } = place;
  if (place.fromText && source.isNear && !source.isLocal) {
    const near = await findText(source, path, code);
    const answers = near && (await answering(near, place));
    if (answers !== undefined || near === undefined) return answers;
  }
  const found = await findText(source, path, code);
  if (found === undefined) return undefined;
  const built = new SpillingFile();
  await buildSymcache(await reading(found, budget), built, { debugId: path.debugId, url: found.url ?? "" });
  return kept(built, "built", place);
}

/** The bytes of what a source has, inflated, at the budget's expense. */
async function reading(found: FoundSymbolFile, budget: ByteBudget): Promise<AsyncIterable<Uint8Array>> {
  if (!budget.isSpent) return budget.counted(inflated(found.bytes));
  await found.close?.();
  throw overBudget();
}

/** The symcache beside the symbol file, if it is whole and of this version and module. */
async function readySymcache({ path, source, budget }: FetchPlace): Promise<SpillingFile | undefined> {
  const found = await source.findSymcache?.(path);
  if (found === undefined) return undefined;
  const file = new SpillingFile();
  try {
    for await (const piece of await reading(found, budget)) file.append(piece);
    const symcache = new Symcache(file);
    symcache.verify();
    if (symcache.info.debugId.toUpperCase() === path.debugId.toUpperCase()) return file;
  } catch (error) {
    if (!(error instanceof MaydayError && error.code === "SYMCACHE_CORRUPT")) throw error;
  }
  file.close();
  return undefined;
}

/** Writes a symcache to the folder and opens it there; where that fails it serves from where it is. */
async function kept(file: SpillingFile, from: "fetched" | "built", place: FetchPlace): Promise<Fetched> {
  const { path, source, folder, blocks } = place;
  try {
    await folder.write(path, source.name, file.pieces());
  } catch (error) {
    return { kind: "found", symbols: new Symcache(file, blocks), from, unsaved: errorLine(error) };
  }
  const bytes = await folder.open(path, source.name);
  if (bytes === undefined) return { kind: "found", symbols: new Symcache(file, blocks), from };
  file.close();
  return { kind: "found", symbols: opened(bytes, place), from };
}
