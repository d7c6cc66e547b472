import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyHeaders } from "@fastify/busboy";
import { UploadProblem } from "./upload-problem.ts";

export interface FormLimits {
  /** Of the file that counts. */
  readonly fileBytes: number;
}

/** The number of files that a form may have, as Tecken's. */
const MAX_FILES = 100;
const MAX_FIELD_BYTES = 64 * 1024;

/** A form that was sent. */
export interface UploadForm {
  readonly fields: Readonly<Record<string, string>>;
  /** The first file, on disk. */
  readonly file?: { readonly fieldName: string; readonly path: string; readonly size: number };
}

/** No upload takes so long, ms. */
const ABANDONED_MS = 6 * 3600_000;

/** Removes what killed processes left of uploads; others may be receiving theirs beside it right now. */
export async function clearAbandoned(parent: string, now: number = Date.now()): Promise<void> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && now - found.mtimeMs > ABANDONED_MS)
      await rm(path, { recursive: true, force: true });
  }
}

/** Runs `work` with a folder of its own for what is on its way; nothing of it is left afterwards. */
export async function inScratchFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "upload-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Reads a form as it comes in. Of its files the first is written to the folder, whatever its size within the limit; the
 * others are passed over.
 * @throws {UploadProblem} when it is broken or over a limit
 */
export async function readForm(
  request: IncomingMessage,
  folder: string,
  limits: FormLimits,
): Promise<UploadForm> {
  const type = request.headers["content-type"] ?? "";
  if (!/^(?:multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) {
    request.resume();
    return { fields: {} };
  }
  if (/^multipart/i.test(type) && !/;\s*boundary=./i.test(type)) {
    throw new UploadProblem("Invalid boundary in multipart: None");
  }
  const form = new FormReader(folder, limits);
  const busboy = new Busboy({
    headers: { ...request.headers, "content-type": type } as BusboyHeaders,
    limits: { fieldSize: MAX_FIELD_BYTES, fileSize: limits.fileBytes, parts: 10 * MAX_FILES },
    isPartAFile: (_name, _type, fileName) => fileName !== undefined,
  });
  busboy.on("file", (name, stream, fileName) => form.file(name, stream, fileName));
  busboy.on("field", (name, value) => form.field(name, value));
  await pipeline(request, busboy).catch((error) => {
    if (request.errored || request.aborted) throw error;
    throw new UploadProblem("Must be multipart form data with at least one file");
  });
  return form.end();
}

class FormReader {
  readonly #folder: string;
  readonly #limits: FormLimits;
  readonly #fields: Record<string, string> = {};
  #files = 0;
  #file: Promise<UploadForm["file"]> | undefined;

  constructor(folder: string, limits: FormLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  field(name: string, value: string): void {
    this.#fields[name] = value;
  }

  file(name: string, stream: Readable & { truncated?: boolean }, fileName: string | undefined): void {
    if (fileName === undefined || fileName === "") {
      stream.resume();
      return;
    }
    this.#files++;
    if (this.#file !== undefined || this.#files > MAX_FILES) stream.resume();
    else {
      this.#file = this.#save(name, stream);
      // It is waited for at the end.
      this.#file.catch(() => undefined);
    }
  }

  async end(): Promise<UploadForm> {
    if (this.#files > MAX_FILES) {
      await this.#file?.catch(() => undefined);
      throw new UploadProblem("The number of files exceeded settings.DATA_UPLOAD_MAX_NUMBER_FILES.");
    }
    const file = await this.#file;
    return { fields: this.#fields, ...(file && { file }) };
  }

  async #save(fieldName: string, stream: Readable & { truncated?: boolean }): Promise<UploadForm["file"]> {
    const path = join(this.#folder, "archive");
    const out = createWriteStream(path);
    await pipeline(stream, out);
    if (stream.truncated) {
      throw new UploadProblem(`The file is larger than ${this.#limits.fileBytes} bytes`, 413);
    }
    return { fieldName, path, size: out.bytesWritten };
  }
}
