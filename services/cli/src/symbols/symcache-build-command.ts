import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { MaydayError } from "@mayday/errors";
import { buildSymcache, inflated, SpillingFile, Symcache, writeWholeFile } from "@mayday/symbols";
import { type Progress, progressOn } from "../progress.ts";

const READ_BYTES = 1024 * 1024;

/** `mayday symcache build`: turns a symbol file, plain or compressed, into a symcache. */
export async function buildCommand(symFile: string, { output }: { output: string }): Promise<void> {
  const size = await sizeOf(symFile);
  const stream = symFile === "-" ? process.stdin : createReadStream(symFile, { highWaterMark: READ_BYTES });
  const progress = progressOn(process.stderr, (done) => readText(done, size));
  const built = new SpillingFile();
  try {
    await buildSymcache(inflated(counted(stream, progress)), built);
  } finally {
    progress.end();
  }
  await writeWholeFile(output, built.pieces()).catch((error) => {
    throw new MaydayError("SYMCACHE_UNSAVED", error.message, { cause: error });
  });
  const symcache = new Symcache(built);
  const { debugFile, debugId, textBytes, lines, badLines, badSamples } = symcache.info;
  const share = ((100 * built.length) / textBytes).toFixed(1);
  console.error(
    `${output}: symbols of ${debugFile} ${debugId}; ${lines} lines in ${textBytes} bytes became ${built.length} bytes (${share} %)`,
  );
  if (badLines > 0)
    console.error(`${badLines} lines could not be read and were left out: ${badSamples.join("; ")}`);
  built.close();
}

function readText(bytes: number, total: number | undefined): string {
  const share = total ? ` (${Math.floor((100 * bytes) / total)} %)` : "";
  return `${(bytes / 1e6).toFixed(0)} MB read${share}`;
}

async function* counted(bytes: AsyncIterable<Uint8Array>, progress: Progress): AsyncIterable<Uint8Array> {
  for await (const chunk of bytes) {
    progress.add(chunk.length);
    yield chunk;
  }
}

/** Bytes to be read; undefined where nobody knows. */
async function sizeOf(file: string): Promise<number | undefined> {
  if (file === "-") return undefined;
  const found = await stat(file).catch((error) => {
    throw new MaydayError("FILE_UNREADABLE", `${file}: ${error.code}`);
  });
  return found.size;
}
