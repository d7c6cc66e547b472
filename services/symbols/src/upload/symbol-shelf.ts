import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { isSymbolKey, type SymbolKey, type SymbolStorage } from "@mayday/storage";
import { inflated } from "@mayday/symbols";
import { type FileFacts, textOfKey, type UploadedFile, type Uploads } from "../uploads/uploads.ts";
import { type CheckedFile, checkFile, isSymbolFile } from "./file-check.ts";

/** The storages of both kinds of symbols, and the records of what lies in them. */
export interface SymbolShelf {
  readonly regular: SymbolStorage;
  readonly tried: SymbolStorage;
  readonly uploads: Uploads;
  /** Told of each symbol file that was stored, so that its symcache is built. */
  onStored(key: SymbolKey, isTry: boolean, uploadId: number): Promise<void>;
}

/** A file that is to be stored. */
export interface IncomingFile {
  readonly key: SymbolKey;
  readonly isTry: boolean;
  readonly uploadId: number;
  readonly checked: CheckedFile;
  /** The bytes, not compressed. */
  read(): AsyncIterable<Uint8Array>;
}

const storageOf = ({ regular, tried }: SymbolShelf, isTry: boolean) => (isTry ? tried : regular);

/** What lies in the store: what was sent for it, and whether all is noted that is to be known of it. */
interface StoredFile extends CheckedFile {
  readonly isNoted: boolean;
}

/** What was sent for a file that is stored: as it was noted, else found out from the file. Undefined when none is stored. */
async function storedFile(
  shelf: SymbolShelf,
  key: SymbolKey,
  isTry: boolean,
): Promise<StoredFile | undefined> {
  const storage = storageOf(shelf, isTry);
  if (!(await storage.has(key))) return undefined;
  const noted = await shelf.uploads.fileFacts(key, isTry);
  if (noted !== undefined) return { ...noted, isNoted: true };
  const stream = await storage.getStream(key);
  if (stream === undefined) return undefined;
  const bytes = isSymbolFile(key.symbolFile) ? inflated(stream) : stream;
  const checked = await checkFile(key.symbolFile, bytes).catch(() => ({ size: -1, md5: "" }));
  return { ...checked, isNoted: false };
}

/**
 * Whether a file of this content is stored already. What is not noted of it, since who stored it was stopped, is noted.
 */
export async function isShelved(
  shelf: SymbolShelf,
  place: Pick<IncomingFile, "key" | "isTry" | "uploadId">,
  facts: FileFacts,
): Promise<boolean> {
  return holds(shelf, place, await storedFile(shelf, place.key, place.isTry), facts);
}

async function holds(
  shelf: SymbolShelf,
  { key, isTry, uploadId }: Pick<IncomingFile, "key" | "isTry" | "uploadId">,
  stored: StoredFile | undefined,
  facts: FileFacts,
): Promise<boolean> {
  if (stored === undefined || !isSame(stored, facts)) return false;
  if (!stored.isNoted) await note(shelf, { key, isTry, uploadId, checked: stored });
  return true;
}

export function isSame(a: FileFacts | undefined, b: FileFacts): boolean {
  return a !== undefined && a.size === b.size && a.md5 === b.md5;
}

/**
 * Stores a file and notes what is known of it.
 * @returns undefined when the same content lies there already
 */
export async function shelve(shelf: SymbolShelf, file: IncomingFile): Promise<UploadedFile | undefined> {
  const { key, isTry, checked } = file;
  const before = await storedFile(shelf, key, isTry);
  if (await holds(shelf, file, before, checked)) return undefined;
  const storage = storageOf(shelf, isTry);
  const compressed = isSymbolFile(key.symbolFile);
  const bytes = Readable.from(file.read(), { objectMode: false });
  await storage.putStream(key, compressed ? gzipped(bytes) : bytes);
  await note(shelf, file);
  const { size, md5, header } = checked;
  return {
    key: textOfKey(key),
    update: before !== undefined,
    compressed,
    storedSize: (await storage.size(key)) ?? 0,
    size,
    md5,
    completedAt: new Date().toISOString(),
    ...(header && { header }),
    problems: compressed ? problemsOf(key, checked) : [],
    ...(compressed ? { symcache: "waiting" as const } : {}),
  };
}

/** Notes what is known of a stored file. Its facts come last: where they are there, the rest is, whenever it was stopped. */
async function note(
  shelf: SymbolShelf,
  { key, isTry, uploadId, checked: { size, md5, header } }: Omit<IncomingFile, "read">,
): Promise<void> {
  const isModule = header !== undefined && isSymbolKey({ ...key, debugFile: header.debugFile });
  if (isModule) await shelf.uploads.saveSymInfo({ ...header, isTry });
  if (isSymbolFile(key.symbolFile)) await shelf.onStored(key, isTry, uploadId);
  await shelf.uploads.saveFileFacts(key, isTry, { size, md5 });
}

/** What fails in the source fails what is made of it, too. */
function gzipped(source: Readable): Readable {
  const gzip = createGzip();
  source.on("error", (error) => gzip.destroy(error));
  return source.pipe(gzip);
}

function problemsOf({ debugId }: SymbolKey, { header, size }: CheckedFile): string[] {
  if (size === 0) return ["it is empty"];
  if (header === undefined) return ["it begins with no MODULE record"];
  if (header.debugId === debugId.toUpperCase()) return [];
  return [`its MODULE record has the debug id ${header.debugId}`];
}
