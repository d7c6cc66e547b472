import { openAsBlob } from "node:fs";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { MaydayError } from "@mayday/errors";
import { textOf, type UploadableFile } from "./symbol-file.ts";

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;

/** What is to be done with a file, in the order of the plan. */
export type PlannedAction =
  | { readonly type: "upload"; readonly url: string; readonly content_encoding: "gzip" | null }
  | { readonly type: "skip" }
  | { readonly type: "error"; readonly msg: string };

/** A symbol server, asked with a token. */
export interface SymbolsClient {
  /** Asks what is to be done with files. @throws {MaydayError} UPLOAD_REFUSED */
  plan(files: readonly UploadableFile[]): Promise<readonly PlannedAction[]>;
  /** Sends a file to the address that the plan told. @throws {MaydayError} UPLOAD_REFUSED */
  send(file: UploadableFile, action: PlannedAction & { type: "upload" }): Promise<void>;
  /** Sends a zip as it is. @returns how many of its files were there already. @throws {MaydayError} UPLOAD_REFUSED */
  sendArchive(path: string): Promise<{ skipped: number }>;
}

export interface ClientOptions {
  readonly url: string;
  readonly token: string;
  readonly isTry: boolean;
}

export function symbolsClient({ url, token, isTry }: ClientOptions): SymbolsClient {
  const base = url.replace(/\/+$/, "");
  const headers = { "auth-token": token };
  return {
    async plan(files) {
      const body = JSON.stringify({
        files: files.map(({ key, size, md5 }) => ({ key, size, md5_hash: md5 })),
        ...(isTry && { try: true }),
      });
      const answer = await ask(`${base}/upload/v2/`, () => ({
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body,
      }));
      if (isTry && answer["try_symbols"] !== true) {
        throw new MaydayError(
          "UPLOAD_REFUSED",
          "the server takes symbols of try builds with their own token only",
        );
      }
      return (answer["files"] as { action: PlannedAction }[]).map(({ action }) => action);
    },
    async send(file, { url: address, content_encoding }) {
      await ask(address, () => {
        const text = Readable.from(textOf(file.path), { objectMode: false });
        const bytes = content_encoding === "gzip" ? text.pipe(createGzip()) : text;
        text.on("error", (error) => bytes.destroy(error));
        return {
          method: "PUT",
          headers: { "content-type": "application/octet-stream" },
          body: Readable.toWeb(bytes) as ReadableStream,
          duplex: "half",
        };
      });
    },
    async sendArchive(path) {
      const archive = await openAsBlob(path);
      const answer = await ask(`${base}/upload/`, () => {
        const form = new FormData();
        if (isTry) form.set("try", "1");
        form.set("symbols.zip", archive, "symbols.zip");
        return { method: "POST", headers, body: form };
      });
      const { skipped_keys = [] } = (answer["upload"] ?? {}) as { skipped_keys?: string[] };
      return { skipped: skipped_keys.length };
    },
  };
}

/** Asks until the server answers with something that is not its passing trouble. */
async function ask(
  url: string,
  request: () => RequestInit & { duplex?: "half" },
): Promise<Record<string, unknown>> {
  let problem = "";
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 2));
    try {
      const response = await fetch(url, request());
      const text = await response.text();
      if (response.ok) return text === "" ? {} : JSON.parse(text);
      problem = `${response.status} ${errorIn(text)}`;
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
      problem = cause?.code ?? cause?.message ?? message;
    }
  }
  throw new MaydayError("UPLOAD_REFUSED", `${new URL(url).origin}: ${problem}`);
}

function errorIn(text: string): string {
  try {
    return String((JSON.parse(text) as { error?: unknown }).error ?? text);
  } catch {
    return text.slice(0, 200);
  }
}
