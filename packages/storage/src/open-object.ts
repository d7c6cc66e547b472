import { randomUUID } from "node:crypto";
import { close, open, write } from "node:fs";
import { mkdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const closeFile = promisify(close);
const openFile = promisify(open);
const writeFile = promisify(write);

/** An object that is too large for memory: an open file, to be read by position. Threads of a process share it. */
export interface ObjectFile {
  /** The system's number of it. */
  readonly descriptor: number;
  /** Bytes. */
  readonly length: number;
}

/** How large an object may be to be given in memory, and where a larger one goes. */
export interface Room {
  readonly memoryBytes: number;
  /** Folder for copies of larger objects. A copy has no name: it is gone when it is closed, however the process ends. */
  readonly folder: string;
}

/** An object in memory, or in a file that whoever got it closes with {@link closeObject}. */
export type OpenObject = Uint8Array | ObjectFile;

export async function closeObject(object: OpenObject): Promise<void> {
  if (!(object instanceof Uint8Array)) await closeFile(object.descriptor);
}

/** What bytes there are, with no more of it in memory than there is room. */
export async function readInto(
  { memoryBytes, folder }: Room,
  source: AsyncIterable<Buffer>,
): Promise<Buffer | ObjectFile> {
  let pieces: Buffer[] = [];
  let length = 0;
  let descriptor: number | undefined;
  try {
    for await (const piece of source) {
      pieces.push(piece);
      length += piece.length;
      if (length <= memoryBytes) continue;
      descriptor ??= await unnamedFile(folder);
      for (const waiting of pieces) await writeWhole(descriptor, waiting);
      pieces = [];
    }
  } catch (error) {
    if (descriptor !== undefined) await closeFile(descriptor);
    throw error;
  }
  return descriptor === undefined ? Buffer.concat(pieces, length) : { descriptor, length };
}

async function unnamedFile(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, randomUUID());
  const descriptor = await openFile(path, "wx+");
  await unlink(path);
  return descriptor;
}

async function writeWhole(descriptor: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await writeFile(descriptor, bytes, at)).bytesWritten;
}
