import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { type Entry, open, type ZipFile } from "yauzl";
import { UploadProblem } from "./upload-problem.ts";

/** Bounds of an archive. */
export interface ArchiveLimits {
  readonly members: number;
  /** Of all members together, inflated. */
  readonly bytes: number;
  /** How many times as long as in the archive a member may be, beyond what any may have. */
  readonly ratio: number;
}

/** Text never shrinks so far; what is short may. */
const ANY_BYTES = 1024 * 1024;

/** Stored and deflated: what clients write, and what is read here. */
const METHODS = [0, 8];
const ENCRYPTED = 1;
const UTF8_NAME = 0x800;
const LOCAL_HEADER_BYTES = 30;

/** A file in an archive. */
export interface ArchiveMember {
  readonly name: string;
  readonly size: number;
  readonly entry: Entry;
}

/** A zip archive on disk. */
export interface Archive {
  /** Its files in the archive's order; folders are left out. */
  readonly members: readonly ArchiveMember[];
  /** A member's bytes; its CRC and size are checked while they are read. */
  read(member: ArchiveMember): AsyncIterable<Uint8Array>;
  close(): void;
}

/**
 * Opens a zip archive and checks what its directory says before anything of it is inflated.
 * @throws {UploadProblem} when it is none, says what cannot be, or is over a limit
 */
export async function openArchive(path: string, limits: ArchiveLimits): Promise<Archive> {
  const zip = await openZip(path);
  try {
    if (zip.entryCount > limits.members) {
      throw new UploadProblem(`The archive has more than ${limits.members} members`);
    }
    const members = await readDirectory(zip);
    for (const member of members) checkMember(member, limits);
    checkTogether(members, limits);
    return {
      members,
      read: (member) => checkedBytes(zip, member),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((opened, failed) => {
    // Names are decoded here, so that bad ones can be told by name.
    open(path, { lazyEntries: true, autoClose: false, decodeStrings: false }, (error, zip) =>
      error ? failed(new UploadProblem("File is not a zip file")) : opened(zip),
    );
  });
}

function readDirectory(zip: ZipFile): Promise<ArchiveMember[]> {
  const members: ArchiveMember[] = [];
  return new Promise((read, failed) => {
    zip.on("entry", (entry: Entry) => {
      const name = nameOf(entry);
      if (!name.endsWith("/")) members.push({ name, size: entry.uncompressedSize, entry });
      zip.readEntry();
    });
    zip.on("end", () => read(members));
    zip.on("error", () => failed(new UploadProblem("File is not a zip file")));
    zip.readEntry();
  });
}

function nameOf({ fileName, generalPurposeBitFlag }: Entry): string {
  const bytes = fileName as unknown as Buffer;
  // Without the flag it is code page 437, of which keys can hold the ASCII part only.
  return bytes.toString(generalPurposeBitFlag & UTF8_NAME ? "utf8" : "latin1");
}

function checkMember({ name, size, entry }: ArchiveMember, { ratio }: ArchiveLimits): void {
  if (entry.generalPurposeBitFlag & ENCRYPTED) throw new UploadProblem(`File ${quoted(name)} is encrypted`);
  if (!METHODS.includes(entry.compressionMethod)) {
    throw new UploadProblem(
      `File ${quoted(name)} is compressed by method ${entry.compressionMethod}, which is not read here; use deflate`,
    );
  }
  if (size > ANY_BYTES + ratio * entry.compressedSize) {
    throw new UploadProblem(
      `File ${quoted(name)} would be more than ${ratio} times as long as in the archive`,
    );
  }
}

function checkTogether(members: readonly ArchiveMember[], { bytes }: ArchiveLimits): void {
  const sizes = new Map<string, number>();
  let total = 0;
  for (const { name, size } of members) {
    const earlier = sizes.get(name);
    if (earlier !== undefined && earlier !== size) {
      throw new UploadProblem(
        `The zipfile buffer contains two files both called ${name} and they have difference sizes (${size} != ${earlier})`,
      );
    }
    sizes.set(name, size);
    total += size;
  }
  if (total > bytes) throw new UploadProblem(`The members together are longer than ${bytes} bytes`);
  const byPlace = [...members].sort((a, b) => placeOf(a) - placeOf(b));
  for (const [index, member] of byPlace.entries()) {
    const next = byPlace[index + 1];
    if (next !== undefined && endOf(member) > placeOf(next)) {
      throw new UploadProblem(`Files ${quoted(member.name)} and ${quoted(next.name)} overlap in the archive`);
    }
  }
}

const placeOf = ({ entry }: ArchiveMember) => entry.relativeOffsetOfLocalHeader;
const endOf = (member: ArchiveMember) =>
  placeOf(member) + LOCAL_HEADER_BYTES + member.entry.fileNameLength + member.entry.compressedSize;

async function* checkedBytes(zip: ZipFile, member: ArchiveMember): AsyncIterable<Uint8Array> {
  const { name, size, entry } = member;
  let read = 0;
  let sum = 0;
  try {
    for await (const chunk of await openMember(zip, entry)) {
      read += chunk.length;
      // A directory that lies of the size would let out more than was checked.
      if (read > size) throw new UploadProblem(`File ${quoted(name)} is longer than the archive says`);
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof UploadProblem) throw error;
    const { code } = error as { code?: unknown };
    if (typeof code === "string" && !code.startsWith("Z_")) throw error;
    throw new UploadProblem(`File ${quoted(name)} cannot be read: ${(error as Error).message}`);
  }
  if (read !== size) throw new UploadProblem(`File ${quoted(name)} is shorter than the archive says`);
  if (sum !== entry.crc32) throw new UploadProblem(`Bad CRC-32 for file ${quoted(name)}`);
}

function openMember(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((opened, failed) => {
    zip.openReadStream(entry, (error, stream) => (error ? failed(error) : opened(stream)));
  });
}

/** A name between quotes, as Python writes it. */
export function quoted(name: string): string {
  const quote = name.includes("'") && !name.includes('"') ? '"' : "'";
  const escaped = name
    .replaceAll("\\", "\\\\")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is written out
    .replace(/[\u0000-\u001f\u007f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}
