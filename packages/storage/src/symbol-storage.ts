import type { Readable } from "node:stream";
import type { ObjectStore } from "./object-store.ts";

/** Where a symbol file stands in a symbol server: `<debug file>/<debug id>/<symbol file>`. */
export interface SymbolKey {
  readonly debugFile: string;
  /** Breakpad text: 32 upper-case hex digits and the age in hex. */
  readonly debugId: string;
  readonly symbolFile: string;
}

/** Symbol files, kept gzipped, under Tecken's keys. */
export interface SymbolStorage {
  /** Stores a symbol file that is already gzipped. */
  putGzipped(key: SymbolKey, gzipped: Uint8Array): Promise<void>;
  /** The gzipped symbol file. */
  getGzipped(key: SymbolKey): Promise<Buffer | undefined>;
  /** The same, in pieces; who does not read it to its end destroys it. */
  getStream(key: SymbolKey): Promise<Readable | undefined>;
  has(key: SymbolKey): Promise<boolean>;
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

export function createSymbolStorage(store: ObjectStore): SymbolStorage {
  const objectKey = ({ debugFile, debugId, symbolFile }: SymbolKey) =>
    `v1/${debugFile}/${debugId}/${symbolFile}`;
  return {
    putGzipped: (key, gzipped) => store.put(objectKey(key), gzipped),
    getGzipped: (key) => store.get(objectKey(key)),
    getStream: (key) => store.getStream(objectKey(key)),
    has: async (key) => (await store.info(objectKey(key))) !== undefined,
    check: () => store.check(),
  };
}
