import { createHash } from "node:crypto";
import { createReadStream, read } from "node:fs";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { MaydayError } from "@mayday/errors";
import { closeObject, type ObjectFile, readInto } from "@mayday/storage";
import { type Coding, decodingSteps } from "./content-encoding.ts";
import { findDelimiter, HEADERS_END, MAX_HEADER_BYTES, MAX_PARTS, tooManyParts } from "./multipart.ts";

/** What bodies that are larger than memory are worked with. */
export interface LargeBodies {
  /** Bytes of a body that may be in memory; a larger one goes to a file while it arrives. */
  readonly memoryBytes: number;
  /** Folder of those files. They have no names: nothing is left of them, however the process ends. */
  readonly folder: string;
  /** Lets few be worked on at a time, since each takes room on the disk. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** A part's content that stays in the file. */
interface AsidePart {
  readonly sha256: string;
  /** Bytes. */
  readonly length: number;
  open(): Readable;
}

/** Large parts by the beginnings of them that stand in the shortened body in their place. */
export type AsideParts = ReadonlyMap<Uint8Array, AsidePart>;

/** A body in which the contents of the largest parts are cut to their beginnings, so that it fits into memory. */
export interface ShortenedBody {
  /** Decoded, before it was shortened. */
  readonly wholeBytes: number;
  readonly bytes: Buffer;
  /**
   * The large parts, found by the report's files.
   * @throws {MaydayError} BODY_TOO_LARGE when one of them is none of the files as it came: it would have to be read whole
   */
  asideOf(files: Iterable<Buffer>): Promise<AsideParts>;
}

const readFile = promisify(read);
const WINDOW_BYTES = 4 * 1024 * 1024;
/** A part that is no larger is not worth its place in a file. */
const SMALL_PART = 64 * 1024;
/** As much of a large part tells what it is. */
const BEGINNING = 8 * 1024;

/** A body that is larger than memory, as it arrives. */
interface ArrivingBody {
  /** What is in memory of it. */
  readonly received: Buffer;
  /** Whoever reads it may leave it: its sender is to be answered. */
  readonly rest: AsyncIterable<Buffer>;
  readonly codings: readonly Coding[];
}

/** Bytes that a body may have as it arrives, and decoded. */
interface Most {
  readonly received: number;
  readonly decoded: number;
}

async function spill(
  { received, rest, codings }: ArrivingBody,
  most: Most,
  folder: string,
): Promise<{ file: ObjectFile; receivedBytes: number }> {
  let receivedBytes = received.length;
  async function* arriving() {
    yield received;
    for await (const chunk of rest) {
      receivedBytes += chunk.length;
      if (receivedBytes > most.received) throw new MaydayError("BODY_TOO_LARGE");
      yield chunk;
    }
  }
  const decode = decodingSteps(codings, received);
  const pieces = decode.reduce<AsyncIterable<Buffer>>((before, step) => step(before), arriving());
  const mostBytes = codings.length > 0 ? most.decoded : most.received;
  const file = await readInto({ memoryBytes: 0, folder }, atMost(mostBytes, pieces));
  if (file instanceof Uint8Array) throw new MaydayError("MALFORMED_NO_CONTENT_LENGTH");
  return { file, receivedBytes };
}

async function* atMost(bytes: number, pieces: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > bytes) throw new MaydayError("BODY_TOO_LARGE", `more than ${bytes} bytes when decompressed`);
    yield piece;
  }
}

/**
 * Takes in a body that is larger than memory, and hands it to `work` shortened.
 * @throws {MaydayError} BODY_TOO_LARGE, MALFORMED_INVALID_PAYLOAD_STRUCTURE, MALFORMED_BAD_GZIP, MALFORMED_BAD_ENCODING; and what `work` throws
 */
export function withLargeBody<T>(
  body: ArrivingBody,
  boundary: string,
  most: Most,
  { memoryBytes, folder, inTurn }: LargeBodies,
  work: (body: ShortenedBody, receivedBytes: number) => Promise<T>,
): Promise<T> {
  return inTurn(async () => {
    const { file, receivedBytes } = await spill(body, most, folder);
    try {
      return await work(await shortened(file, boundary, memoryBytes), receivedBytes);
    } finally {
      await closeObject(file);
    }
  });
}

/** What stands between two delimiters: the part's headers up to `content`, and its content. */
interface Stretch {
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

async function shortened(file: ObjectFile, boundary: string, memoryBytes: number): Promise<ShortenedBody> {
  const stretches = await stretchesOf(file, boundary);
  const cut = new Set<Stretch>();
  let length = file.length;
  for (const stretch of stretches.toSorted((a, b) => contentOf(b) - contentOf(a))) {
    if (length <= memoryBytes || contentOf(stretch) <= SMALL_PART) break;
    cut.add(stretch);
    length -= contentOf(stretch) - BEGINNING;
  }
  if (length > memoryBytes) throw new MaydayError("BODY_TOO_LARGE", "it has too many parts of middle size");
  const bytes = Buffer.allocUnsafeSlow(length);
  const places = new Map<number, Stretch>();
  let filled = 0;
  for (const stretch of stretches) {
    const end = cut.has(stretch) ? stretch.content + BEGINNING : stretch.end;
    await readWhole(file, bytes.subarray(filled, filled + end - stretch.start), stretch.start);
    if (cut.has(stretch)) places.set(filled + stretch.content - stretch.start, stretch);
    filled += end - stretch.start;
  }
  return {
    wholeBytes: file.length,
    bytes,
    async asideOf(files) {
      const aside = new Map<Uint8Array, AsidePart>();
      for (const beginning of files) {
        const isView = beginning.buffer === bytes.buffer && beginning.length === BEGINNING;
        const stretch = isView ? places.get(beginning.byteOffset - bytes.byteOffset) : undefined;
        if (stretch !== undefined) aside.set(beginning, await asidePart(file, stretch));
      }
      if (aside.size < places.size)
        throw new MaydayError("BODY_TOO_LARGE", "a part that is larger than memory is no file as it came");
      return aside;
    },
  };
}

const contentOf = ({ content, end }: Stretch): number => end - content;

/** A body cut at its delimiters; each but the first begins with its delimiter. */
async function stretchesOf(file: ObjectFile, boundary: string): Promise<Stretch[]> {
  const starts = [0, ...(await delimitersIn(file, boundary))];
  const stretches: Stretch[] = [];
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? file.length;
    const head = Buffer.alloc(Math.min(end - start, MAX_HEADER_BYTES + boundary.length));
    await readWhole(file, head, start);
    const headersEnd = head.indexOf(HEADERS_END);
    stretches.push({ start, content: headersEnd < 0 ? end : start + headersEnd + HEADERS_END.length, end });
  }
  return stretches;
}

async function delimitersIn(file: ObjectFile, boundary: string): Promise<number[]> {
  const delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  // Behind a delimiter two bytes tell whether it is one; one that stands across two windows is found in the second.
  const overlap = delimiter.length + 2;
  const found: number[] = [];
  const window = Buffer.allocUnsafeSlow(Math.min(WINDOW_BYTES, file.length));
  for (let from = 0; from < file.length; ) {
    const bytes = window.subarray(0, Math.min(window.length, file.length - from));
    await readWhole(file, bytes, from);
    const isLast = from + bytes.length === file.length;
    const whole = isLast ? bytes.length : bytes.length - overlap;
    for (let at = findDelimiter(bytes, delimiter, 0); at >= 0 && at < whole; ) {
      found.push(from + at);
      // Each costs a read later.
      if (found.length > MAX_PARTS + 1) throw tooManyParts();
      at = findDelimiter(bytes, delimiter, at + 1);
    }
    from = isLast ? file.length : from + whole;
  }
  return found;
}

async function asidePart({ descriptor }: ObjectFile, stretch: Stretch): Promise<AsidePart> {
  const { content: start, end } = stretch;
  const open = () => createReadStream("", { fd: descriptor, start, end: end - 1, autoClose: false });
  const digest = createHash("sha256");
  for await (const piece of open()) digest.update(piece);
  return { sha256: digest.digest("hex"), length: end - start, open };
}

async function readWhole({ descriptor }: ObjectFile, into: Buffer, at: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await readFile(descriptor, into, done, into.length - done, at + done);
    if (bytesRead === 0) throw new Error("the body's file was cut");
    done += bytesRead;
  }
}
