import { type Attachment, MAIN_DUMP } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { shown } from "./form-part.ts";

/** A file that came with a report. */
export interface ReportFile {
  /** Of its part; empty when it has none. */
  readonly name: string;
  /** As the client said it; empty when it said none. */
  readonly filename: string;
  readonly contentType: string | undefined;
  readonly bytes: Buffer;
}

/** The files of a report under the names that they are stored under. */
export interface NamedFiles {
  readonly dumps: Map<string, Buffer>;
  /** Those that are no minidumps. */
  readonly attachments: Record<string, Attachment>;
}

const MAX_NAME = 30;
const MAX_DUMPS = 32;
const MAX_FILES = 64;
/** Names of objects that the store keeps for every crash. */
const RESERVED = new Set(["dump_names", "processed_crash", "raw_crash", "crash_ping"]);
/** Stores keep the main dump as `dump`: no other file can have that name. */
const NAMES_OF_MAIN = new Set(["", "dump"]);

export function isMinidump(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(MDMP);
}
const MDMP = Buffer.from("MDMP");

/** Whether a part of that name is a dump whatever is in it. */
export function isDumpName(name: string | undefined): boolean {
  return name !== undefined && storable(name).toLowerCase().startsWith(MAIN_DUMP);
}

/**
 * Gives each file the name that it is stored under: its own, with letters, digits and `_` alone (Antenna), and a number
 * where another has it already. The crashing process's minidump is the part `upload_file_minidump`, or where there is none
 * the first minidump. Files beyond {@link MAX_FILES} that are no dumps are dropped.
 * @throws {MaydayError} MALFORMED_INVALID_PAYLOAD_STRUCTURE when there are too many dumps
 */
export function nameFiles(files: readonly ReportFile[], notes: string[]): NamedFiles {
  const main = mainDump(files);
  const dumps = new Map<string, Buffer>();
  const attachments: Record<string, Attachment> = {};
  const [kept, dropped] = mostImportant(files, main);
  if (dropped > 0) notes.push(`dropped ${dropped} attachments: a report may have ${MAX_FILES} files`);
  // The main dump first: no other may take its name.
  for (const file of kept.toSorted((a, b) => Number(b === main) - Number(a === main))) {
    const wanted = file === main ? MAIN_DUMP : wantedName(file);
    const name = freeName(wanted, dumps);
    if (file === main && storable(file.name) !== MAIN_DUMP) {
      notes.push(`took ${shown(file.name) || "a part without a name"} for the minidump`);
    } else if (name !== storable(file.name)) notes.push(`kept ${what(file, wanted)} as ${name}`);
    // Everybody may read notes: parameters, which may name files, are left out.
    const type = file.contentType?.split(";", 1)[0]?.trim() ?? "application/octet-stream";
    if (type.toLowerCase() !== "application/octet-stream") {
      notes.push(`unknown content type: ${name} ${shown(type)}`);
    }
    dumps.set(name, file.bytes);
    if (!isDump(file, main)) {
      attachments[name] = {
        part: file.name,
        filename: file.filename || file.name || name,
        content_type: file.contentType ?? "application/octet-stream",
      };
    }
  }
  return { dumps, attachments };
}

function what(file: ReportFile, wanted: string): string {
  if (storable(file.name) === wanted) return `a second ${wanted}`;
  return file.name === "" ? "a part without a name" : shown(file.name);
}

function mainDump(files: readonly ReportFile[]): ReportFile | undefined {
  const named = files.filter(({ name }) => storable(name) === MAIN_DUMP);
  return (
    named.find(({ bytes }) => isMinidump(bytes)) ??
    files.find(({ name, bytes }) => isMinidump(bytes) && !isDumpName(name)) ??
    named[0]
  );
}

/** What the processor walks, or says why it cannot. */
function isDump(file: ReportFile, main: ReportFile | undefined): boolean {
  if (file === main || isMinidump(file.bytes)) return true;
  const extension = /\.([A-Za-z]\w*)$/.exec(file.filename || file.name)?.[1]?.toLowerCase();
  return isDumpName(file.name) && (extension === undefined || ["dmp", "mdmp", "dump"].includes(extension));
}

function mostImportant(
  files: readonly ReportFile[],
  main: ReportFile | undefined,
): [kept: ReportFile[], dropped: number] {
  const dumps = files.filter((file) => isDump(file, main)).length;
  if (dumps > MAX_DUMPS) {
    throw new MaydayError("MALFORMED_INVALID_PAYLOAD_STRUCTURE", `it has more than ${MAX_DUMPS} dumps`);
  }
  let room = MAX_FILES - dumps;
  const kept = files.filter((file) => isDump(file, main) || room-- > 0);
  return [kept, files.length - kept.length];
}

/** What is left of a name when only letters, digits and `_` stay. */
function storable(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, "").slice(0, MAX_NAME);
}

function wantedName(file: ReportFile): string {
  const own = storable(file.name);
  // Some file systems take names that differ in case alone for one.
  const lower = own.toLowerCase();
  if (NAMES_OF_MAIN.has(lower)) return isMinidump(file.bytes) ? "minidump" : "attachment";
  return RESERVED.has(lower) ? `file_${own}` : own;
}

/** A name that no file has yet: names that become alike must not overwrite each other. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  const lower = new Set([...taken.keys()].map((key) => key.toLowerCase()));
  if (!lower.has(name.toLowerCase())) return name;
  for (let number = 2; ; number++) {
    const numbered = `${name.slice(0, MAX_NAME - 1 - String(number).length)}_${number}`;
    if (!lower.has(numbered.toLowerCase())) return numbered;
  }
}
