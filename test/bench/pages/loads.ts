import { get } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

/** An answer as a browser gets it. */
export interface Loaded {
  readonly text: string;
  /** Through the wire. */
  readonly servedBytes: number;
  readonly rawBytes: number;
  readonly ms: number;
}

/** Loads an address of the webapp, and what it is redirected to. @throws where it does not answer 200 */
export async function load(base: string, path: string): Promise<Loaded> {
  const started = performance.now();
  const { status, location, encoding, body } = await ask(base + path);
  if (location !== undefined) return load(base, location);
  const ms = performance.now() - started;
  const raw = encoding === "br" ? brotliDecompressSync(body) : encoding === "gzip" ? gunzipSync(body) : body;
  if (status !== 200) throw new Error(`${path} answers ${status}: ${raw.toString().slice(0, 500)}`);
  return { text: raw.toString(), servedBytes: body.length, rawBytes: raw.length, ms };
}

interface Answer {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly encoding: string | undefined;
  readonly body: Buffer;
}

function ask(url: string): Promise<Answer> {
  return new Promise((done, failed) => {
    get(url, { headers: { "accept-encoding": "gzip, br" } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", failed);
      answer.on("end", () =>
        done({
          status: answer.statusCode,
          location: answer.headers.location,
          encoding: answer.headers["content-encoding"],
          body: Buffer.concat(chunks),
        }),
      );
    }).on("error", failed);
  });
}

/** The addresses of the parts that a page loads by itself once it is there. */
export const fragmentsIn = (page: string): string[] =>
  [...page.matchAll(/data-(?:fragment|plots)="([^"]+)"/g)].map(([, path]) => unescaped(path ?? ""));

const unescaped = (text: string): string =>
  text
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll("&amp;", "&");

/** Scripts and styles of a page, those that scripts import among them, each once. */
export async function assetsOf(base: string, page: string): Promise<{ raw: number; served: number }> {
  const paths = [
    ...page.matchAll(/<link rel="stylesheet" href="([^"]+)"/g),
    ...page.matchAll(/<script type="module" src="([^"]+)"/g),
  ].map(([, path]) => path ?? "");
  const seen = new Set<string>();
  const sum = { raw: 0, served: 0 };
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const { text, rawBytes, servedBytes } = await load(base, path);
    sum.raw += rawBytes;
    sum.served += servedBytes;
    paths.push(...[...text.matchAll(/from "(\/static\/[^"]+)"/g)].map(([, imported]) => imported ?? ""));
  }
  return sum;
}
