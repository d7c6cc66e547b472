import { SymParser } from "./sym-parser.ts";
import type { ModuleLine, SymSink } from "./sym-sink.ts";

/** The MODULE line stands first; more of a text is not read for it. */
const MAX_BYTES = 64 * 1024;

const nothing = () => undefined;

/** The MODULE line of a symbol file's text, of which only the beginning is read; undefined when there is none. */
export async function readModuleLine(text: AsyncIterable<Uint8Array>): Promise<ModuleLine | undefined> {
  let found: ModuleLine | undefined;
  const parser = new SymParser({ ...ignoring, module: (line) => (found ??= line) });
  let length = 0;
  for await (const chunk of text) {
    parser.write(chunk.subarray(0, MAX_BYTES - length));
    length += chunk.length;
    if (found !== undefined || length >= MAX_BYTES) break;
  }
  parser.end();
  return found;
}

const ignoring: SymSink = {
  module: nothing,
  codeId: nothing,
  url: nothing,
  file: nothing,
  inlineOrigin: nothing,
  func: nothing,
  line: nothing,
  inline: nothing,
  publicSymbol: nothing,
  cfiInit: nothing,
  cfiDelta: nothing,
  frameData: nothing,
  fpo: nothing,
};
