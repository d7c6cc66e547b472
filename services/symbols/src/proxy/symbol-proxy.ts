import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { errorLine, MaydayError } from "@mayday/errors";
import type { Logger, Metrics } from "@mayday/observability";
import { isSensible, isSymbolKey, type SymbolKey, type SymbolStorage } from "@mayday/storage";
import {
  type DebugInfo,
  type FoundSymbolFile,
  inflated,
  type SymbolFilePath,
  type SymbolSource,
  symbolFilePath,
} from "@mayday/symbols";
import pLimit from "p-limit";
import type { Misses } from "../download/misses.ts";
import { type CheckedFile, checkFile } from "../upload/file-check.ts";
import { SymHeadReader } from "../upload/sym-header.ts";
import { textOfKey, type Uploads } from "../uploads/uploads.ts";
import { GrowingFile } from "./growing-file.ts";

/** How the proxy is named to sources (Via): one that asks with it is not asked for in turn, be it this very one. */
export const PROXY_VIA = "1.1 mayday-symbols";

/** A symbol file that is asked for, with what is known of the module's code. */
interface AskedFile {
  /** The debug id as it was asked for: servers may keep its last digits in small letters. */
  readonly key: SymbolKey;
  readonly codeFile?: string;
  readonly codeId?: string;
}

/** What the sources say of a file. `away`: one that may have it could not answer, and no other has it. */
type Proxied =
  | {
      readonly kind: "found";
      /** The file, gzipped, as it comes; who does not read it to its end destroys it. */
      readonly bytes: Readable;
      /** Where it comes from; undefined where that is a folder. */
      readonly url: string | undefined;
    }
  | NotThere;

/** Whether a source has it; of a file on its way there are bytes. */
type Had = { readonly kind: "found"; readonly bytes?: undefined } | NotThere;

type NotThere = { readonly kind: "missing" } | { readonly kind: "away"; readonly why: string };

/** A file on its way, for all that ask for it. */
type UnderWay =
  | { readonly kind: "found"; readonly file: GrowingFile; readonly url: string | undefined }
  | NotThere;

/** Fetches symbol files that are not stored here from other places, and keeps them. */
export interface SymbolProxy {
  /** Where they are kept. */
  readonly storage: SymbolStorage;
  /** A file on its way from a source. Of all that ask for it at a time one fetches it. */
  fetch(asked: AskedFile): Promise<Proxied>;
  /** Whether a source has it; nothing is fetched. */
  has(asked: AskedFile): Promise<Had>;
  /** What a module is, by its code. */
  identify(code: { readonly codeFile: string; readonly codeId: string }): Promise<DebugInfo | undefined>;
}

export interface SymbolProxyOptions {
  /** Asked in order; the first that has the file wins, and one that cannot give it moves on to the next. */
  readonly sources: readonly SymbolSource[];
  readonly storage: SymbolStorage;
  readonly uploads: Pick<Uploads, "saveSymInfo">;
  /** What the sources are known to lack. */
  readonly misses: Misses;
  readonly scratchFolder: string;
  /** A file may be so large, bytes of text. */
  readonly maxBytes: number;
  /** So many files are fetched, and questions asked, at a time. */
  readonly atOnce: number;
  /** Told of each file that was kept. */
  onKept(key: SymbolKey): Promise<void>;
  readonly log: Logger;
  readonly metrics: Metrics;
}

type Outcome = "kept" | "unkept" | "missing" | "away" | "broken";

/** A proxy with a cache in front of sources of symbols. */
export function createSymbolProxy(options: SymbolProxyOptions): SymbolProxy {
  const { sources, storage, misses, atOnce } = options;
  const limit = pLimit(atOnce);
  const underWay = new Map<string, Promise<UnderWay>>();
  const count = (outcome: Outcome) => options.metrics.count("symbols_proxy_total", { outcome });

  /** What a question for files has to be, so that it is worth one to the sources. */
  function pathOf({ key }: AskedFile): SymbolFilePath | undefined {
    const path = symbolFilePath(key);
    const isSymbolFile = key.symbolFile === path?.symbolFile || key.symbolFile === `${key.debugFile}.sym`;
    if (path === undefined || !isSymbolFile || !isSymbolKey(key)) return undefined;
    return isSensible({ ...key, codeFile: "", codeId: "" })
      ? { ...path, symbolFile: key.symbolFile }
      : undefined;
  }

  /** Tells of a file as soon as that can be told, and ends when it is kept. */
  async function fetchOnce(asked: AskedFile, path: SymbolFilePath, tell: Tell): Promise<void> {
    const failures: string[] = [];
    for (const source of sources) {
      try {
        const found = await source.find(path, asked);
        if (found !== undefined) return await pass(found, asked, tell);
      } catch (error) {
        if (error instanceof BrokenOnTheWay) throw error.cause;
        failures.push(`${source.name}: ${errorLine(error)}`);
      }
    }
    tell(none(asked, failures));
  }

  /** No source gave it: either none has it, or some may and could not answer, which is no miss to remember. */
  function none(asked: AskedFile, failures: readonly string[]): NotThere {
    count(failures.length === 0 ? "missing" : "away");
    if (failures.length > 0) {
      options.log.warn({ key: textOfKey(asked.key), why: failures }, "sources of symbols are away");
      return { kind: "away", why: failures.join("; ") };
    }
    misses.add(missName(asked));
    return { kind: "missing" };
  }

  /**
   * Passes a file on while it comes, and keeps it when it has come whole.
   * @throws when it is no symbol file of this module, before anything of it was passed on
   */
  async function pass(found: FoundSymbolFile, asked: AskedFile, tell: Tell): Promise<void> {
    const { key } = asked;
    const file = await GrowingFile.create(options.scratchFolder);
    const coming = Promise.all([
      written(file, gzippedBytes(found), options.maxBytes),
      check(file, key, options.maxBytes),
    ]);
    // It is waited for when the head was looked at.
    coming.catch(() => undefined);
    let isTold = false;
    try {
      await headIsGood(file, key);
      isTold = true;
      tell({ kind: "found", file, url: found.url });
      const [, checked] = await coming;
      file.good();
      await keep(file, key, checked);
    } catch (error) {
      file.fail(error);
      await found.close?.().catch(() => undefined);
      throw isTold ? new BrokenOnTheWay("", { cause: error }) : error;
    } finally {
      if (isTold) underWay.delete(missName(asked));
      await file.release();
    }
  }

  async function keep(file: GrowingFile, key: SymbolKey, { header }: CheckedFile): Promise<void> {
    const stored = { ...key, debugId: key.debugId.toUpperCase() };
    try {
      await storage.putStream(stored, file.read());
      if (header !== undefined) await options.uploads.saveSymInfo({ ...header, isTry: false });
      await options.onKept(stored);
      count("kept");
    } catch (error) {
      count("unkept");
      options.log.warn({ err: error, key: textOfKey(key) }, "a fetched symbol file could not be kept");
    }
  }

  function begin(asked: AskedFile, path: SymbolFilePath): Promise<UnderWay> {
    const name = missName(asked);
    const answered = Promise.withResolvers<UnderWay>();
    underWay.set(name, answered.promise);
    void limit(() => fetchOnce(asked, path, answered.resolve))
      .catch((error) => {
        count("broken");
        options.log.warn({ err: error, key: textOfKey(asked.key) }, "a symbol file broke on its way");
        // It was told before, but for a disk that takes nothing.
        answered.resolve({ kind: "away", why: errorLine(error) });
      })
      .finally(() => {
        if (underWay.get(name) === answered.promise) underWay.delete(name);
      });
    return answered.promise;
  }

  return {
    storage,
    async fetch(asked) {
      const path = pathOf(asked);
      const name = missName(asked);
      if (path === undefined || misses.has(name)) return { kind: "missing" };
      const told = await (underWay.get(name) ?? begin(asked, path));
      return told.kind === "found" ? { kind: "found", bytes: told.file.read(), url: told.url } : told;
    },
    async has(asked) {
      const path = pathOf(asked);
      const name = missName(asked);
      if (path === undefined || misses.has(name)) return { kind: "missing" };
      const known = underWay.get(name);
      if (known !== undefined) {
        const told = await known;
        return told.kind === "found" ? { kind: "found" } : told;
      }
      return limit(async () => {
        const failures: string[] = [];
        for (const source of sources) {
          try {
            const found = await source.find(path, asked);
            if (found === undefined) continue;
            await found.close?.();
            return { kind: "found" };
          } catch (error) {
            failures.push(`${source.name}: ${errorLine(error)}`);
          }
        }
        return none(asked, failures);
      });
    },
    async identify(code) {
      const name = `fetched/code/${code.codeFile}/${code.codeId.toUpperCase()}`;
      if (misses.has(name)) return undefined;
      return limit(async () => {
        let isAway = false;
        for (const source of sources) {
          const found = await source.identify?.(code).catch(() => {
            isAway = true;
            return undefined;
          });
          const key = found && { ...found, symbolFile: "x.sym" };
          if (key !== undefined && isSymbolKey(key)) return found;
        }
        if (!isAway) misses.add(name);
        return undefined;
      });
    },
  };
}

type Tell = (told: UnderWay) => void;

/** What breaks when some of it was passed on is not asked for elsewhere: who reads it has been told. */
class BrokenOnTheWay extends Error {}

function missName({ key }: AskedFile): string {
  return `fetched/${textOfKey({ ...key, debugId: key.debugId.toUpperCase() })}`;
}

/** What the sources have of a proxy as one source: what is found there is kept. */
export function proxySource(proxy: SymbolProxy): SymbolSource {
  return {
    name: "proxied sources",
    isLocal: false,
    async find(path, { codeFile = "", codeId = "" }) {
      const found = await proxy.fetch({ key: path, codeFile, codeId });
      if (found.kind === "away") throw new MaydayError("SYMBOLS_NOT_FOUND", found.why);
      if (found.kind === "missing") return undefined;
      const { bytes, url } = found;
      return { bytes, close: async () => void bytes.destroy(), url };
    },
    identify: (code) => proxy.identify(code),
  };
}

/** Writes what comes. @throws when it is more than may be, or breaks off */
async function written(file: GrowingFile, bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> {
  try {
    for await (const piece of bytes) {
      if (file.length + piece.length > maxBytes) throw tooLarge(maxBytes);
      await file.append(piece);
    }
    file.written();
  } catch (error) {
    file.fail(error);
    throw error;
  }
}

/** Reads the file whole, while it comes. @throws when it is not whole gzip, too large, or of another module */
async function check(file: GrowingFile, key: SymbolKey, maxBytes: number): Promise<CheckedFile> {
  try {
    const checked = await checkFile(key.symbolFile, bounded(inflated(file.read(true)), maxBytes));
    if (!isOf(checked.header, key)) throw notThese(key);
    return checked;
  } catch (error) {
    file.fail(error);
    throw error;
  }
}

async function* bounded(bytes: AsyncIterable<Uint8Array>, maxBytes: number): AsyncIterable<Uint8Array> {
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    yield piece;
  }
}

/** Resolves when the first line says that these are symbols of the module. A gateway's page comes with status 200, too. */
async function headIsGood(file: GrowingFile, key: SymbolKey): Promise<void> {
  const head = new SymHeadReader();
  let length = 0;
  for await (const piece of inflated(file.read(true))) {
    head.write(piece);
    length += piece.length;
    if (isOf(head.header(), key)) return;
    // A first line is short.
    if (length > 4096) break;
  }
  throw notThese(key);
}

function isOf(header: { readonly debugId: string } | undefined, { debugId }: SymbolKey): boolean {
  return header !== undefined && header.debugId.toUpperCase() === debugId.toUpperCase();
}

const notThese = (key: SymbolKey) =>
  new MaydayError("SYMBOLS_MALFORMED", `what was sent are no symbols of ${textOfKey(key)}`);
const tooLarge = (bytes: number) =>
  new MaydayError("SYMBOLS_OVER_BUDGET", `a fetched file may have ${bytes} bytes`);

/** A file's bytes, gzipped: as they come where they come so. */
function gzippedBytes({ gzipped, bytes }: FoundSymbolFile): AsyncIterable<Uint8Array> {
  if (gzipped !== undefined) return gzipped;
  const plain = Readable.from(inflated(bytes), { objectMode: false });
  const gzip = createGzip();
  plain.on("error", (error) => gzip.destroy(error));
  return plain.pipe(gzip);
}
