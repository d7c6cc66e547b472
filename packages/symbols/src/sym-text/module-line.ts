import { SymParser } from "./sym-parser.ts";
import { ignoringSink, type ModuleLine } from "./sym-sink.ts";

/** The MODULE line stands first; more of a text is not read for it. */
const MAX_BYTES = 64 * 1024;

/** The MODULE line of a symbol file's text, of which only the beginning is read; undefined when there is none. */
export async function readModuleLine(text: AsyncIterable<Uint8Array>): Promise<ModuleLine | undefined> {
  let found: ModuleLine | undefined;
  const parser = new SymParser({ ...ignoringSink, module: (line) => (found ??= line) });
  let length = 0;
  for await (const chunk of text) {
    parser.write(chunk.subarray(0, MAX_BYTES - length));
    length += chunk.length;
    if (found !== undefined || length >= MAX_BYTES) break;
  }
  parser.end();
  return found;
}
