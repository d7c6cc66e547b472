import { type Annotations, MaydayError } from "@mayday/crash";
import { parameter, parameters } from "./content-type.ts";
import { dumpName, freeName } from "./dump-names.ts";
import { multipartParts, type Part } from "./multipart.ts";

/** A crash report as a client sent it. */
export interface CrashReport {
  readonly annotations: Annotations;
  /** The JSON object that says the annotations, all of them and no others; undefined when none does. */
  readonly json: string | undefined;
  readonly dumps: Map<string, Buffer>;
  readonly payload: "json" | "multipart";
  /** Oddities, for who reads the crash. */
  readonly notes: string[];
}

const MAX_ANNOTATION_BYTES = 20 * 1024 * 1024;
const MAX_DUMPS = 32;
/** Reports have some two hundred. */
const MAX_ANNOTATIONS = 5000;
const MAX_NAME_LENGTH = 256;
/** JSON.parse reads any depth; what works on the value later would run out of stack. */
const MAX_DEPTH = 100;

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a report from a multipart body: text parts are annotations, a JSON part holds them all, the rest are dumps.
 * @throws {MaydayError} a MALFORMED_ code
 */
export function readCrashReport(body: Buffer, boundary: string): CrashReport {
  const report = new ReportReader();
  for (const part of multipartParts(body, boundary)) report.take(part);
  return report.finish();
}

class ReportReader {
  // Without a prototype `__proto__` is an annotation like any other.
  #annotations: Annotations = Object.create(null);
  readonly #dumps = new Map<string, Buffer>();
  readonly #notes: string[] = [];
  #json: string | undefined;
  #hasJson = false;
  #hasText = false;

  take(part: Part): void {
    // Its parameters may begin it, without `form-data` before them.
    const disposition = parameters(`;${part.headers.get("content-disposition") ?? ""}`);
    const name = disposition.get("name");
    const encoding = part.headers.get("content-transfer-encoding")?.toLowerCase() ?? "binary";
    if (encoding !== "binary")
      throw new MaydayError("MALFORMED_INVALID_PAYLOAD_STRUCTURE", "an encoded part");
    if (name === undefined) return;
    const type = part.headers.get("content-type") ?? "text/plain";
    if (type.startsWith("application/json")) this.#takeJson(part.bytes);
    else if (type.startsWith("text/plain") && !disposition.has("filename"))
      this.#takeText(name, part.bytes, type);
    else this.#takeDump(name, part.bytes, type);
  }

  finish(): CrashReport {
    this.#checkNames();
    if (Object.keys(this.#annotations).length === 0) throw new MaydayError("MALFORMED_NO_ANNOTATIONS");
    if (this.#hasJson && this.#hasText) {
      this.#notes.push("includes annotations in both json-encoded extra and formdata parts");
    }
    const payload = this.#hasJson ? "json" : "multipart";
    return {
      annotations: this.#annotations,
      json: this.#json,
      dumps: this.#dumps,
      payload,
      notes: this.#notes,
    };
  }

  #checkNames(): void {
    const names = Object.keys(this.#annotations);
    if (names.length > MAX_ANNOTATIONS) {
      throw new MaydayError("MALFORMED_INVALID_PAYLOAD_STRUCTURE", "too many annotations");
    }
    for (const name of names) {
      if (name.length <= MAX_NAME_LENGTH) continue;
      delete this.#annotations[name];
      this.#json = undefined;
      this.#notes.push(`dropped annotation ${name.slice(0, 40)}…: its name is too long`);
    }
  }

  /** Annotations that came before the JSON part are replaced by it; those that come behind add to it (Antenna). */
  #takeJson(bytes: Buffer): void {
    let text: string;
    let value: unknown;
    try {
      text = UTF8.decode(bytes);
      value = JSON.parse(text);
    } catch (error) {
      throw new MaydayError("MALFORMED_INVALID_JSON", undefined, { cause: error });
    }
    if (
      value === null ||
      typeof value !== "object" ||
      Array.isArray(value) ||
      isDeeperThan(MAX_DEPTH, value)
    ) {
      throw new MaydayError("MALFORMED_INVALID_JSON_VALUE");
    }
    this.#annotations = Object.setPrototypeOf(value, null);
    this.#json = text;
    this.#hasJson = true;
  }

  #takeText(name: string, bytes: Buffer, type: string): void {
    this.#hasText = true;
    this.#json = undefined;
    if (bytes.length > MAX_ANNOTATION_BYTES) {
      this.#notes.push(`dropped annotation ${name}: larger than ${MAX_ANNOTATION_BYTES} bytes`);
      return;
    }
    const charset = parameter(type, "charset") ?? "utf-8";
    try {
      this.#annotations[name] = new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      this.#notes.push(`dropped annotation ${name}: not ${charset} text`);
    }
  }

  #takeDump(partName: string, bytes: Buffer, type: string): void {
    if (this.#dumps.size === MAX_DUMPS) {
      throw new MaydayError("MALFORMED_INVALID_PAYLOAD_STRUCTURE", "too many dumps");
    }
    const wanted = dumpName(partName);
    const name = freeName(wanted, this.#dumps);
    if (name !== wanted) this.#notes.push(`kept a second ${wanted} as ${name}`);
    if (type !== "application/octet-stream") this.#notes.push(`unknown content type: ${name} ${type}`);
    this.#dumps.set(name, bytes);
  }
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
