import { type Attachment, parseExactJson, type SubmittedAnnotations } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { isDumpName, isMinidump, nameFiles, type ReportFile } from "./dump-names.ts";
import { type FormPart, formPart, shown } from "./form-part.ts";
import { multipartParts } from "./multipart.ts";
import { decodeAnything, decodeText } from "./text.ts";
import { type Unwrap, unwrap } from "./unwrap.ts";

/** A crash report as a client sent it. */
export interface CrashReport {
  readonly annotations: SubmittedAnnotations;
  /** By the name they are stored under, attachments among them. */
  readonly dumps: ReadonlyMap<string, Buffer>;
  /** Those of `dumps` that are no minidumps. */
  readonly attachments: Readonly<Record<string, Attachment>>;
  readonly payload: "json" | "multipart";
  /** What was odd, and all that was not kept as it came, for who reads the crash. No note quotes a value. */
  readonly notes: readonly string[];
}

const MAX_ANNOTATION_BYTES = 20 * 1024 * 1024;
/** Reports have some two hundred. */
const MAX_ANNOTATIONS = 5000;
const MAX_NAME_LENGTH = 256;
/** JSON.parse reads any depth; what works on the value later would run out of stack. */
const MAX_DEPTH = 100;

/**
 * Reads a report from a multipart body. The part `extra` holds the annotations as JSON; text parts are one each; all else
 * is a file, and so is whatever is a minidump or called one.
 * @param unwrapping what files may be unwrapped with
 * @throws {MaydayError} a MALFORMED_ code
 */
export async function readCrashReport(
  body: Buffer,
  boundary: string,
  unwrapping: Unwrap,
): Promise<CrashReport> {
  const reader = new ReportReader();
  reader.takeAll(body, boundary);
  for (const file of reader.files.splice(0)) {
    const found = await unwrap(file, unwrapping);
    reader.notes.push(...found.notes);
    if (found.multipart === undefined) reader.files.push({ ...file, bytes: found.bytes });
    else reader.takeInner(file, found.bytes, found.multipart);
  }
  return reader.finish();
}

/** The report of annotations and files that did not come as a form. */
export function reportOf(
  annotations: SubmittedAnnotations,
  files: readonly ReportFile[],
  notes: string[],
): CrashReport {
  const named = nameFiles(files, notes);
  return { annotations, ...named, payload: "multipart", notes };
}

class ReportReader {
  // Without a prototype `__proto__` is an annotation like any other.
  #annotations: SubmittedAnnotations = Object.create(null);
  readonly files: ReportFile[] = [];
  readonly notes: string[] = [];
  /** Charset of parts that name none (RFC 7578 4.6). */
  #charset = "utf-8";
  #hasJson = false;
  #hasText = false;

  takeAll(body: Buffer, boundary: string): void {
    for (const part of multipartParts(body, boundary)) this.#take(formPart(part));
  }

  #take(part: FormPart): void {
    const { name, filename, type } = part;
    if (isFile(part)) this.#takeFile(part);
    else if (name === "extra" && this.#takeExtra(part)) return;
    else if (type === "application/json" && !filename) this.#takeJsonField(part);
    else if (name === undefined || filename || type !== "text/plain") this.#takeFile(part);
    else this.#takeText(name, part);
  }

  #takeFile({ name = "", filename = "", contentType, bytes }: FormPart): void {
    // An empty part of no name says nothing.
    if (name !== "" || bytes.length > 0) this.files.push({ name, filename, contentType, bytes });
  }

  /**
   * The annotations as JSON, whatever type they say they are. False when they are none and do not say so.
   * @throws {MaydayError} MALFORMED_INVALID_JSON, MALFORMED_INVALID_JSON_VALUE
   */
  #takeExtra({ type, bytes }: FormPart): boolean {
    const isTold = type === "application/json";
    const value = this.#readJson(bytes);
    if (isObject(value)) {
      if (!isTold) this.notes.push("read extra as JSON, which its type does not say");
      this.#addJson(value);
      return true;
    }
    if (!isTold) return false;
    if (value === undefined) throw new MaydayError("MALFORMED_INVALID_JSON", "part extra");
    throw new MaydayError("MALFORMED_INVALID_JSON_VALUE", "part extra");
  }

  /** JSON without a file name that is an object holds annotations, too (Antenna); else it is an attachment. */
  #takeJsonField(part: FormPart): void {
    const value = this.#readJson(part.bytes);
    if (isObject(value)) this.#addJson(value);
    else this.#takeFile(part);
  }

  /** Undefined when it is no JSON, null when it is nested deeper than is read. */
  #readJson(bytes: Buffer): unknown {
    const decoded = decodeAnything(bytes, this.#charset);
    const text = decoded.text.startsWith("\ufeff") ? decoded.text.slice(1) : decoded.text;
    try {
      const value: unknown = JSON.parse(text);
      if (decoded.isReplaced) this.notes.push("kept extra with replacement characters: it is not UTF-8");
      // Nearly all reports have strings alone; reading digits as they are written costs a call for each value.
      const isPlain = isObject(value) && Object.values(value).every((inner) => typeof inner === "string");
      if (isPlain) return value;
      return isDeeperThan(MAX_DEPTH, value) ? null : parseExactJson(text);
    } catch {
      return undefined;
    }
  }

  /** In what came as JSON, JSON wins over text parts before it; those that come behind add to it (Antenna). */
  #addJson(value: Record<string, unknown>): void {
    const earlier = this.#annotations;
    this.#annotations = Object.setPrototypeOf(value, null);
    this.#hasJson = true;
    for (const [name, before] of Object.entries(earlier)) {
      if (Object.hasOwn(this.#annotations, name)) this.#keepEarlier(name, before);
      else this.#annotations[name] = before;
    }
  }

  #takeText(name: string, part: FormPart): void {
    const charset = part.charset ?? this.#charset;
    const decoded = part.bytes.length > MAX_ANNOTATION_BYTES ? undefined : decodeText(part.bytes, charset);
    if (decoded === undefined) {
      this.notes.push(`kept ${shown(name)} as a file: it is too long for an annotation, or no text`);
      this.#takeFile(part);
      return;
    }
    if (decoded.isReplaced) {
      this.notes.push(`kept ${shown(name)} with replacement characters: it is not ${shown(charset)}`);
    }
    if (name === "_charset_") this.#charset = decoded.text.trim() || this.#charset;
    this.#hasText = true;
    this.#addText(name, decoded.text);
  }

  /** Of several fields of a name the last one counts (Antenna); the others are kept beside it. Fields of a list are a list. */
  #addText(name: string, text: string): void {
    if (!Object.hasOwn(this.#annotations, name)) {
      this.#annotations[name] = text;
      return;
    }
    const before = this.#annotations[name];
    if (name.endsWith("[]")) {
      this.#annotations[name] = Array.isArray(before) ? [...before, text] : [before, text];
      return;
    }
    this.#annotations[name] = text;
    this.#keepEarlier(name, before);
  }

  #keepEarlier(name: string, value: unknown): void {
    if (value === this.#annotations[name]) return;
    for (let number = 1; ; number++) {
      const free = `${name}_earlier${number}`;
      if (Object.hasOwn(this.#annotations, free)) continue;
      this.#annotations[free] = value;
      this.notes.push(`kept an earlier value of ${shown(name)} as ${shown(free)}`);
      return;
    }
  }

  /**
   * Takes a whole form that came as a file: Chromium's crash handler for Linux writes its request to the file that should
   * be the dump. What the outer form says counts.
   */
  takeInner(file: ReportFile, body: Buffer, boundary: string): void {
    const inner = new ReportReader();
    try {
      inner.takeAll(body, boundary);
    } catch (error) {
      if (!(error instanceof MaydayError)) throw error;
      this.notes.push(
        `${shown(file.name)} is a multipart body that cannot be read: ${error.detail ?? error.message}`,
      );
      this.files.push({ ...file, bytes: body });
      return;
    }
    this.notes.push(`took the parts of the multipart body in ${shown(file.name)}`, ...inner.notes);
    this.files.push(...inner.files);
    for (const [name, value] of Object.entries(inner.#annotations)) {
      if (Object.hasOwn(this.#annotations, name)) this.#keepEarlier(name, value);
      else this.#annotations[name] = value;
    }
  }

  finish(): CrashReport {
    this.#checkNames();
    if (Object.keys(this.#annotations).length === 0) throw new MaydayError("MALFORMED_NO_ANNOTATIONS");
    if (this.#hasJson && this.#hasText) {
      this.notes.push("includes annotations in both json-encoded extra and formdata parts");
    }
    const payload = this.#hasJson ? "json" : "multipart";
    return { ...reportOf(this.#annotations, this.files, this.notes), payload };
  }

  #checkNames(): void {
    const names = Object.keys(this.#annotations);
    if (names.length > MAX_ANNOTATIONS) {
      throw new MaydayError(
        "MALFORMED_INVALID_PAYLOAD_STRUCTURE",
        `it has more than ${MAX_ANNOTATIONS} annotations`,
      );
    }
    for (const name of names) {
      if (name.length <= MAX_NAME_LENGTH) continue;
      delete this.#annotations[name];
      this.notes.push(`dropped annotation ${shown(name.slice(0, 40))}…: its name is too long`);
    }
  }
}

function isFile({ name, bytes }: FormPart): boolean {
  return isMinidump(bytes) || isDumpName(name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
