import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { startSymbols } from "@mayday/symbols-service";
import { absent, sharedFile } from "../../bench/measure.ts";
import type { NamedOptions } from "../../run-named.ts";
import { type CaseResult, isRight } from "../case-result.ts";
import { type RawAnswer, sendRaw } from "../symbolicate/raw-request.ts";
import { archiveServer } from "./archive-server.ts";
import { reasonsFor } from "./named-differences.ts";
import { PLANNED, planBodies } from "./plan-bodies.ts";
import { differencesOf, readPairs, type TeckenPair } from "./tecken-pairs.ts";
import { type SentBody, uploadBodies, urlBody } from "./upload-bodies.ts";

/** Where Tecken, its store, and the servers of archives were when they were recorded. */
const TECKEN = "http://127.0.0.1:18800";
const OBJECTS = "http://127.0.0.1:18801/publicbucket";
const ARCHIVES = "http://127.0.0.1:18803";
const NOBODY = "http://127.0.0.1:18999";

const OWNER = "owner@example.com";
const regular = "upload_symbols+view_all_uploads";

/** The tokens that the recorded requests have. */
const TOKENS = [
  `c7c1f8cab79545b6a06bc4122f0eb3cb:${regular}:${OWNER}`,
  `ebc447f574924b099e1be15527b62436:upload_try_symbols:${OWNER}`,
  `11111111111111111111111111111111:${regular}:${OWNER}:2026-01-01`,
  `22222222222222222222222222222222:off:${OWNER}`,
  `33333333333333333333333333333333::${OWNER}`,
  `44444444444444444444444444444444:manage_tokens:${OWNER}`,
  "55555555555555555555555555555555:upload_symbols+upload_try_symbols:bob@example.com",
  "66666666666666666666666666666666:upload_symbols+upload_api_2:bob@example.com",
  `77777777777777777777777777777777:view_all_uploads:${OWNER}`,
  `88888888888888888888888888888888:manage_tokens+${regular}:${OWNER}`,
];

/** Asks the symbols service what Tecken was asked, in the same order, and holds its answers against Tecken's. */
export async function tecken({ cases, json }: NamedOptions): Promise<boolean> {
  const folder = cases ?? sharedFile("tecken-pairs");
  if (folder === undefined) {
    absent("tecken-pairs (MAYDAY_SHARED_DATA)");
    return true;
  }
  const data = mkdtempSync(join(tmpdir(), "mayday-tecken-"));
  const archives = await archiveServer();
  const environment = {
    SYMBOLS_PORT: "0",
    SYMBOLS_BUILDERS: "0",
    MAYDAY_DATA_DIR: data,
    SYMBOLS_TOKENS: TOKENS.join(","),
    SYMBOLS_OBJECTS_URL: OBJECTS,
    SYMBOL_STORE_BUCKET: "publicbucket",
    LOG_LEVEL: "silent",
  };
  const strict = await startSymbols(environment);
  // Addresses of loopback were let through for what was recorded of archives by address.
  const hosts = [ARCHIVES, NOBODY].map((url) => new URL(url).host).concat(new URL(archives.origin).host);
  const lax = await startSymbols({
    ...environment,
    SYMBOLS_UPLOAD_HOSTS: hosts.join(","),
    SYMBOLS_UPLOAD_PLAIN_HTTP: "1",
  });
  try {
    const asking = new Asking({ strict: strict.url, lax: lax.url }, archives.origin);
    const results: CaseResult[] = [];
    for (const pair of readPairs(folder)) results.push(await asking.run(pair, results.length));
    if (json !== undefined) {
      writeFileSync(json, results.map((result) => `${JSON.stringify(result)}\n`).join(""));
    }
    return report(results);
  } finally {
    await Promise.all([strict.stop(), lax.stop()]);
    archives.close();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Asks one after the other; what came of one is needed for those that follow. */
class Asking {
  readonly #services: { readonly strict: string; readonly lax: string };
  readonly #archives: string;
  /** Numbers of uploads as Tecken gave them out, and ours. */
  readonly #ids = new Map<number, number>();

  constructor(services: { strict: string; lax: string }, archives: string) {
    this.#services = services;
    this.#archives = archives;
  }

  async run(pair: TeckenPair, index: number): Promise<CaseResult> {
    const id = `${index} ${pair.what}`;
    try {
      const service = pair.what.startsWith("url: ") || pair.what === "url and try=1" ? "lax" : "strict";
      const url = this.#services[service];
      const answer = await this.#send(pair, url);
      this.#noteId(pair.body, answer.body.toString());
      await this.#sendPlanned(answer);
      const known = new Map([
        [TECKEN, url],
        [ARCHIVES, this.#archives],
      ]);
      const differs = differencesOf(pair, answer, known);
      const named = differs.length === 0 ? [] : reasonsFor({ pair, answer, differs });
      return { case: id, equal: differs.length === 0, differs, named };
    } catch (error) {
      return { case: id, equal: false, differs: [String(error)], named: [] };
    }
  }

  async #send(pair: TeckenPair, url: string): Promise<RawAnswer> {
    const sent = this.#bodyOf(pair);
    const { "Content-Length": _length, ...headers } = pair.headers;
    const { port, host } = new URL(url);
    return sendRaw(Number(port), {
      method: pair.method,
      path: this.#pathOf(pair.path),
      headers: { Host: host, ...headers },
      body_b64: (sent?.body ?? Buffer.alloc(0)).toString("base64"),
    });
  }

  #bodyOf({ what, headers }: TeckenPair): SentBody | undefined {
    if (headers["Content-Type"] === "application/x-www-form-urlencoded" && what.startsWith("url")) {
      return urlBody(this.#addressOf(what), what.endsWith("try=1"));
    }
    return (uploadBodies[what] ?? planBodies[what])?.();
  }

  /** The address of an archive, where `what` tells the mood of its server or the address itself. */
  #addressOf(what: string): string {
    const [, plain] = /^url=(.*)$/s.exec(what) ?? [];
    if (plain !== undefined) return plain;
    const mood = what.replace(/^url: /, "");
    const paths: Readonly<Record<string, string>> = {
      "not .zip": "/ok/symbols.tar",
      "no name": "/",
      "url and try=1": "/ok/symbols.zip",
    };
    if (mood === "nobody listens") return `${NOBODY}/a.zip`;
    return this.#archives + (paths[mood] ?? `/${mood}/symbols.zip`);
  }

  #pathOf(path: string): string {
    const [, kind, number] = /^\/api\/uploads\/(upload|files\/file)\/(\d+)$/.exec(path) ?? [];
    if (kind === "upload") return `/api/uploads/upload/${this.#ids.get(Number(number)) ?? number}`;
    // The first file that was ever uploaded; of others that is recorded that they are not there.
    return number === "1" ? `/api/uploads/files/file/${this.#ids.get(1)}.0` : path;
  }

  #noteId(theirs: string, ours: string): void {
    const idOf = (text: string) => /"id": ?(\d+)/.exec(text)?.[1];
    const [their, our] = [idOf(theirs), idOf(ours)];
    if (theirs.startsWith('{"upload": {"id"') && their && our) this.#ids.set(Number(their), Number(our));
  }

  /** Sends the files that a plan asks for and that are known. */
  async #sendPlanned(answer: RawAnswer): Promise<void> {
    if (!answer.body.includes("upload_protocol")) return;
    const { files } = JSON.parse(answer.body.toString());
    for (const { key, action } of files) {
      const content = PLANNED[key];
      if (action.type !== "upload" || content === undefined) continue;
      const body = action.content_encoding === "gzip" ? gzipSync(content) : content;
      const sent = await fetch(action.url, { method: "PUT", body });
      if (!sent.ok) throw new Error(`${key}: ${await sent.text()}`);
    }
  }
}

function report(results: readonly CaseResult[]): boolean {
  for (const result of results) {
    if (!isRight(result)) console.log(`  ${result.case}: ${result.differs.slice(0, 6).join(", ")}`);
  }
  const named = results.filter(({ equal, named }) => !equal && named.length > 0);
  for (const reason of new Set(named.flatMap((result) => result.named))) {
    const count = named.filter((result) => result.named.includes(reason)).length;
    console.log(`  ${count} differ on purpose: ${reason}`);
  }
  const equal = results.filter((result) => result.equal).length;
  console.log(
    `  Tecken's answers: ${equal} of ${results.length} equal, ${named.length} more differ for a named reason`,
  );
  return results.every(isRight);
}
