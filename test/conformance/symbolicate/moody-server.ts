import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

/** Moods that are a status and nothing else. */
const STATUSES: Readonly<Record<string, number>> = {
  nf: 404,
  s400: 400,
  s403: 403,
  s429: 429,
  s500: 500,
  s503: 503,
};

/** Where a server that redirects sends to. */
const GZIPPED = "/gzipped/";

const SLOW_MS = 7000;
const DRIP_MS = 1000;
const DRIPS = 8;

/** Symbol servers in moods, which the cases' README explains. */
export interface MoodyServer {
  /** Sets the mood of the server of this name, and tells its address; nobody listens at that of `closed`. */
  url(name: string, mood: string): string;
  close(): void;
}

/** Serves folders in symbol-server layout, whose files may be gzipped. @param files more of them, by path */
export async function moodyServer(
  folders: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<MoodyServer> {
  const moods = new Map<string, string>();
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    const [, name = "", ...parts] = path.split("/").map(decoded);
    const mood = path.startsWith(GZIPPED) ? "gz" : (moods.get(name) ?? "nf");
    const isOnceBad = mood === "flaky" && !seen.has(path);
    seen.add(path);
    const given = parts.length === 3 && mood !== "casesens" ? upperId(parts) : parts;
    if (isOnceBad) end(response, 500, "once");
    else if (STATUSES[mood] !== undefined) end(response, STATUSES[mood], "no");
    else if (mood === "s302loop") response.writeHead(302, { location: path }).end();
    else if (mood === "junk") end(response, 200, "<html>hello</html>\n");
    else if (mood === "empty") end(response, 200, "");
    else serve(response, mood, textOf(folders, files, given), path);
  });
  const port = await listening(server);
  return {
    url: (name, mood) => {
      moods.set(name, mood);
      return mood === "closed" ? "http://127.0.0.1:9" : `http://127.0.0.1:${port}/${name}`;
    },
    close: () => void server.close().closeAllConnections(),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const upperId = ([name = "", id = "", file = ""]: readonly string[]) => [name, id.toUpperCase(), file];

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function textOf(
  folders: readonly string[],
  files: Readonly<Record<string, string>>,
  parts: readonly string[],
): Buffer | undefined {
  if (parts.some((part) => ["", ".", ".."].includes(part))) return undefined;
  const alone = files[parts.join("/")];
  if (alone !== undefined) return readFileSync(alone);
  for (const folder of folders) {
    const file = join(folder, ...parts);
    if (existsSync(file)) return readFileSync(file);
    if (existsSync(`${file}.gz`)) return gunzipSync(readFileSync(`${file}.gz`));
  }
  return undefined;
}

function end(response: ServerResponse, status: number, body: string | Buffer): void {
  response.writeHead(status, { "content-length": Buffer.byteLength(body) }).end(body);
}

function serve(response: ServerResponse, mood: string, text: Buffer | undefined, path: string): void {
  if (text === undefined) end(response, 404, "Symbol Not Found");
  else if (mood === "redir")
    response.writeHead(302, { location: GZIPPED + path.slice(1 + path.indexOf("/", 1)) }).end();
  else if (mood === "gz") {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text, { level: 1 }));
  } else if (mood === "slow") setTimeout(() => end(response, 200, text), SLOW_MS).unref();
  else if (mood === "half") end(response, 200, text.subarray(0, text.length / 2));
  else if (mood === "trunc") {
    response.writeHead(200, { "content-length": text.length });
    response.write(text.subarray(0, text.length / 2), () => response.destroy());
  } else if (mood === "drip") drip(response, text);
  else end(response, 200, text);
}

function drip(response: ServerResponse, text: Buffer): void {
  response.writeHead(200, { "content-length": text.length });
  const size = Math.floor(text.length / DRIPS) + 1;
  let at = 0;
  const next = () => {
    response.write(text.subarray(at, at + size));
    at += size;
    if (at >= text.length) response.end();
    else setTimeout(next, DRIP_MS).unref();
  };
  next();
}
