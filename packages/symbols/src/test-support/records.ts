import { SymParser } from "../sym-text/sym-parser.ts";
import type { FrameSizes, SymReadReport, SymSink, TextSpan } from "../sym-text/sym-sink.ts";

/** What a parser handed to its sink, one line of text for each record, and its report. */
interface Recorded {
  readonly records: readonly string[];
  readonly report: SymReadReport;
}

/** What a parser makes of a text that comes in these pieces. */
export function recordsOf(...pieces: readonly (string | Uint8Array)[]): Recorded {
  return recordsOfPieces(pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)));
}

/** The same, each piece fetched when the one before was read. */
export function recordsOfPieces(pieces: Iterable<Uint8Array>): Recorded {
  const records: string[] = [];
  const parser = new SymParser(recorder(records));
  for (const piece of pieces) parser.write(piece);
  return { records, report: parser.end() };
}

function recorder(records: string[]): SymSink {
  const add = (...fields: readonly (string | number | boolean)[]) => {
    records.push(fields.join(" "));
  };
  const quoted = ({ bytes, at, end }: TextSpan) => `"${Buffer.from(bytes.subarray(at, end)).toString()}"`;
  const sized = (sizes: FrameSizes) => Object.values(sizes).join(" ");
  return {
    module: ({ os, cpu, debugId, debugFile }) => add("module", os, cpu, debugId, `"${debugFile}"`),
    codeId: (codeId, codeFile) => add("code id", codeId, `"${codeFile}"`),
    url: (url) => add("url", url),
    file: (id, name) => add("file", id, quoted(name)),
    inlineOrigin: (id, name) => add("origin", id, quoted(name)),
    func: (address, size, parameterSize, name) => add("func", address, size, parameterSize, quoted(name)),
    line: (address, size, line, file) => add("line", address, size, line, file),
    inline: (...fields) => add("inline", ...fields),
    publicSymbol: (address, parameterSize, name) => add("public", address, parameterSize, quoted(name)),
    cfiInit: (address, size, rules) => add("cfi init", address, size, quoted(rules)),
    cfiDelta: (address, rules) => add("cfi", address, quoted(rules)),
    frameData: (address, size, sizes, program) =>
      add("frame data", address, size, sized(sizes), quoted(program)),
    fpo: (address, size, sizes, allocates) => add("fpo", address, size, sized(sizes), allocates),
  };
}
