import type { SubmittedAnnotations } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { XMLParser } from "fast-xml-parser";
import { decoded } from "./content-encoding.ts";
import { type CrashReport, reportOf } from "./crash-report.ts";
import { isMinidump, type ReportFile } from "./dump-names.ts";
import { decodeText } from "./text.ts";
import type { Unwrap } from "./unwrap.ts";

/**
 * What Unreal Engine's CrashReportClient sends: a zlib stream of one archive, little endian. It begins with a header
 * (name of a folder, name of the archive, each as length and bytes; bytes of the archive; number of files), then each file
 * (index, name as length and bytes, length, bytes). From `CR1` on the header's numbers are right; before that it is a
 * placeholder and the right one stands at the end. (Facts from Sentry's symbolic-unreal; `unreal.test.ts` has both.)
 */
const VERSION = "CR1";
const CONTEXT = "CrashContext.runtime-xml";
const MAX_FILES = 1000;
const MAX_CONTEXT_BYTES = 16 * 1024 * 1024;

/**
 * Reads a report of CrashReportClient. The runtime properties of its context are annotations, so are the address's
 * parameters where the context says nothing; its minidump is the dump, all else are attachments.
 * @param parameters of the address: AppID, AppVersion, UserID …
 * @throws {MaydayError} MALFORMED_UNREAL_ARCHIVE, MALFORMED_NO_ANNOTATIONS, BODY_TOO_LARGE
 */
export async function readUnrealReport(
  body: Buffer,
  parameters: URLSearchParams,
  unwrapping: Unwrap,
): Promise<CrashReport> {
  const archive = await inflated(body, unwrapping);
  const notes = ["came from Unreal Engine's CrashReportClient"];
  const annotations: SubmittedAnnotations = Object.create(null);
  const files: ReportFile[] = [];
  for (const { name, bytes } of filesIn(archive)) {
    if (name === CONTEXT) addContext(bytes, annotations, notes);
    files.push({ name, filename: name, contentType: undefined, bytes });
  }
  for (const [name, value] of parameters) {
    if (/^\w{1,64}$/.test(name) && !(name in annotations)) annotations[name] = value;
  }
  addOurNames(annotations);
  if (Object.keys(annotations).length === 0) throw new MaydayError("MALFORMED_NO_ANNOTATIONS");
  if (!files.some(({ bytes }) => isMinidump(bytes))) notes.push("the archive holds no minidump");
  return reportOf(annotations, files, notes);
}

async function inflated(body: Buffer, unwrapping: Unwrap): Promise<Buffer> {
  try {
    const archive = await decoded(body, ["deflate"], unwrapping.maxBytes);
    unwrapping.onBytes(archive.length);
    return archive;
  } catch (error) {
    if (error instanceof MaydayError && error.code === "BODY_TOO_LARGE") throw error;
    throw new MaydayError("MALFORMED_UNREAL_ARCHIVE", "the body is no zlib stream", { cause: error });
  }
}

function filesIn(archive: Buffer): { name: string; bytes: Buffer }[] {
  const reader = new ArchiveReader(archive);
  const isNew = archive.toString("latin1", 0, VERSION.length) === VERSION;
  if (isNew) reader.take(VERSION.length);
  reader.takeText();
  reader.takeText();
  reader.takeNumber();
  const told = reader.takeNumber();
  const count = isNew ? told : archive.readInt32LE(archive.length - 4);
  if (count < 0 || count > MAX_FILES) throw broken(`it says that it holds ${count} files`);
  return Array.from({ length: count }, () => {
    reader.takeNumber();
    const name = reader.takeText();
    return { name, bytes: reader.take(reader.takeNumber()) };
  });
}

class ArchiveReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(length: number): Buffer {
    if (length < 0 || this.#at + length > this.#bytes.length) throw broken("it ends too soon");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  takeNumber(): number {
    return this.take(4).readInt32LE();
  }

  /** Padded with NULs. */
  takeText(): string {
    return this.take(this.takeNumber()).toString("utf8").split("\0", 1)[0] ?? "";
  }
}

function broken(why: string): MaydayError {
  return new MaydayError("MALFORMED_UNREAL_ARCHIVE", why);
}

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true });

/** Adds the runtime properties that are plain text. The file itself is kept, too. */
function addContext(bytes: Buffer, annotations: SubmittedAnnotations, notes: string[]): void {
  const text = bytes.length > MAX_CONTEXT_BYTES ? undefined : decodeText(bytes, "utf-8")?.text;
  const properties = text === undefined ? undefined : runtimeProperties(text);
  if (properties === undefined) {
    notes.push(`${CONTEXT} cannot be read; it is kept as a file`);
    return;
  }
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "string" && value !== "") annotations[name] = value;
  }
}

function runtimeProperties(text: string): Record<string, unknown> | undefined {
  // No context has one, and entities could make much of little.
  if (text.includes("<!DOCTYPE")) return undefined;
  try {
    const { FGenericCrashContext: context } = parser.parse(text) as Record<string, Record<string, unknown>>;
    const properties = context?.["RuntimeProperties"];
    return properties !== null && typeof properties === "object"
      ? (properties as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What the engine calls our annotations, best first. */
const names: readonly (readonly [ours: string, ...theirs: string[]])[] = [
  ["ProductName", "GameName", "AppID"],
  ["Version", "BuildVersion", "AppVersion", "EngineVersion"],
  ["ReleaseChannel", "BuildConfiguration", "AppEnvironment"],
];

function addOurNames(annotations: SubmittedAnnotations): void {
  for (const [ours, ...theirs] of names) {
    const there = theirs.find((name) => name in annotations);
    if (!(ours in annotations) && there !== undefined) annotations[ours] = annotations[there];
  }
}
