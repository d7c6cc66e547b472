import type { Readable } from "node:stream";
import type { ObjectStore } from "./object-store.ts";

/** Where a symbol file stands in a symbol server: `<debug file>/<debug id>/<symbol file>`. */
export interface SymbolKey {
  readonly debugFile: string;
  /** Breakpad text: 32 hex digits and the age in hex. Its case does not count. */
  readonly debugId: string;
  readonly symbolFile: string;
}

/** Files of a symbol server under Tecken's keys. Symbol files (`.sym`) are kept gzipped, others as they are. */
export interface SymbolStorage {
  /** Stores a symbol file that is already gzipped. */
  putGzipped(key: SymbolKey, gzipped: Uint8Array): Promise<void>;
  /** Stores a file of any size as it is to lie there; it shows when it is whole. */
  putStream(key: SymbolKey, bytes: Readable): Promise<void>;
  /** The gzipped symbol file. */
  getGzipped(key: SymbolKey): Promise<Buffer | undefined>;
  /** The stored bytes, in pieces; who does not read them to their end destroys the stream. */
  getStream(key: SymbolKey): Promise<Readable | undefined>;
  has(key: SymbolKey): Promise<boolean>;
  /** Where the file lies in the store, as servers of the store's objects name it; undefined when it is not there. */
  objectKey(key: SymbolKey): Promise<string | undefined>;
  /** Bytes as stored; undefined when the file is not there. */
  size(key: SymbolKey): Promise<number | undefined>;
  check(): Promise<void>;
}

// What Tecken lets into a key: no control or Latin-1 supplement characters and none of \ ^ ` > < { } [ ] # % " ' | /
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const NAME = /^[^\u0000-\u001f\u0080-\u00ff\\^`><{}[\]#%"'|/]+$/;

/** Whether a name may stand in a symbol key. */
export function isSymbolKey({ debugFile, debugId, symbolFile }: SymbolKey): boolean {
  const isName = (name: string) => NAME.test(name) && name !== "." && name !== "..";
  return isName(debugFile) && isName(symbolFile) && /^[0-9A-Fa-f]{1,64}$/.test(debugId);
}

/**
 * The folders of the store that hold symbols: of releases; of try builds, which are kept apart; and those that were
 * fetched from other symbol servers, which can be had again.
 */
export type SymbolTree = "v1" | "try/v1" | "fetched/v1";

export function createSymbolStorage(store: ObjectStore, tree: SymbolTree = "v1"): SymbolStorage {
  const keyOf = ({ debugFile, debugId, symbolFile }: SymbolKey) =>
    `${tree}/${debugFile}/${debugId}/${symbolFile}`;
  const written = (key: SymbolKey) => keyOf({ ...key, debugId: key.debugId.toUpperCase() });
  /** What the first of the spellings has under which files were ever kept. */
  const first = async <T>(key: SymbolKey, read: (key: string) => Promise<T | undefined>) => {
    const found = await read(written(key));
    const earlier = keyOf({ ...key, debugId: asDumpersWrite(key.debugId) });
    return found ?? (earlier === written(key) ? undefined : read(earlier));
  };
  const info = (key: SymbolKey) => first(key, (name) => store.info(name));
  return {
    putGzipped: (key, gzipped) => store.put(written(key), gzipped),
    putStream: (key, bytes) => store.putStream(written(key), bytes),
    getGzipped: (key) => first(key, (name) => store.get(name)),
    getStream: (key) => first(key, (name) => store.getStream(name)),
    has: async (key) => (await info(key)) !== undefined,
    objectKey: async (key) => (await info(key))?.key,
    size: async (key) => (await info(key))?.size,
    check: () => store.check(),
  };
}

/** An id with its age in small letters, under which earlier versions kept files. */
function asDumpersWrite(debugId: string): string {
  return debugId.slice(0, 32).toUpperCase() + debugId.slice(32).toLowerCase();
}
