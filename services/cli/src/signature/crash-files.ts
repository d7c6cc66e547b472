import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { MaydayError } from "@mayday/errors";
import { parseCrashData } from "@mayday/signature";
import type { CrashSource, NamedCrash } from "./crash-source.ts";
import { jsonLines, parseJson } from "./json-lines.ts";

/** Characters of a file that is one document. */
const LARGEST_DOCUMENT = 256 * 1024 * 1024;

/**
 * Crashes of files: JSON lines, or one document where the name ends in `.json`; gzipped where it ends in `.gz`;
 * `-` is standard input. A document is crash data or a processed crash.
 * @throws MaydayError FILE_UNREADABLE, or CRASH_DATA_INVALID naming file, line and path of the bad value
 */
export function crashesInFiles(paths: readonly string[]): CrashSource {
  return { crashes: crashesIn(paths), skipped: () => 0 };
}

async function* crashesIn(paths: readonly string[]): AsyncIterable<NamedCrash> {
  for (const path of paths) {
    for await (const { name, document } of documentsIn(path)) {
      const crash = parseCrashData(document, name);
      yield { name: idOf(document) ?? name, crash };
    }
  }
}

async function* documentsIn(path: string): AsyncIterable<{ name: string; document: unknown }> {
  const stream = path === "-" ? process.stdin : readable(path);
  try {
    if (/\.json(\.gz)?$/.test(path)) {
      yield { name: path, document: parseJson(await textOf(stream, path), path) };
      return;
    }
    for await (const { line, value } of jsonLines(stream, path))
      yield { name: `${path} line ${line}`, document: value };
  } catch (error) {
    if (error instanceof MaydayError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new MaydayError("FILE_UNREADABLE", `${path}: ${code ?? message}`, { cause: error });
  }
}

function readable(path: string): Readable {
  const file = createReadStream(path);
  if (!path.endsWith(".gz")) return file;
  const inflated = createGunzip();
  file.on("error", (error) => inflated.destroy(error));
  return file.pipe(inflated);
}

async function textOf(stream: Readable, path: string): Promise<string> {
  let text = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    text += chunk;
    if (text.length > LARGEST_DOCUMENT)
      throw new MaydayError("CRASH_DATA_INVALID", `${path}: more than ${LARGEST_DOCUMENT} characters`);
  }
  return text;
}

/** A processed crash has its id. */
function idOf(document: unknown): string | undefined {
  const { uuid } = document as { uuid?: unknown };
  return typeof uuid === "string" ? uuid : undefined;
}
