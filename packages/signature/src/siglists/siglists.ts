import { MaydayError } from "@mayday/errors";
import { frameNormalizer, type NormalizeFrame } from "../frames/normalize-frame.ts";
import { boundedMemo } from "./bounded-memo.ts";
import {
  literalSiglist,
  regexSiglist,
  type Siglist,
  type SiglistFile,
  siglistFiles,
  siglistLines,
} from "./siglist.ts";

/** Frames whose answer a list remembers. */
const MEMO_CAPACITY = 8192;

/** The four lists that steer the walk from frames to signature, compiled. */
export interface Siglists {
  /** The line of the sentinel that is exactly this frame. */
  readonly sentinel: Siglist;
  readonly irrelevant: Siglist;
  readonly prefix: Siglist;
  /** A frame's text: functions that the list of line numbers names have theirs. */
  readonly normalizeFrame: NormalizeFrame;
}

/**
 * Compiles the four lists.
 * @param texts each file's text
 * @param folder goes before the file names in an error
 * @throws MaydayError CONFIG_INVALID naming file and line of each line that cannot be used
 */
export function parseSiglists(texts: Readonly<Record<SiglistFile, string>>, folder = ""): Siglists {
  const problems: string[] = [];
  const linesOf = (file: SiglistFile) => {
    const lines = siglistLines(file, texts[file]);
    for (const { line, pattern } of lines)
      if (pattern.includes("\ufffd")) problems.push(`${folder}${file} line ${line}: not UTF-8`);
    return lines;
  };
  const regexes = (file: SiglistFile): Siglist => {
    const compiled = regexSiglist(linesOf(file));
    if ("list" in compiled) return compiled.list;
    for (const { line, why } of compiled.bad) problems.push(`${folder}${file} line ${line}: ${why}`);
    return () => undefined;
  };
  const [sentinels, irrelevant, prefix, lineNumbers] = siglistFiles;
  const siglists = {
    sentinel: literalSiglist(linesOf(sentinels)),
    irrelevant: boundedMemo(regexes(irrelevant), MEMO_CAPACITY),
    prefix: boundedMemo(regexes(prefix), MEMO_CAPACITY),
    normalizeFrame: frameNormalizer(regexes(lineNumbers)),
  };
  if (problems.length > 0) throw new MaydayError("CONFIG_INVALID", problems.join("; "));
  return siglists;
}
