import { MaydayError } from "@mayday/crash";
import {
  literalSiglist,
  regexSiglist,
  type Siglist,
  type SiglistFile,
  siglistFiles,
  siglistLines,
} from "./siglist.ts";

/** The four lists that steer the walk from frames to signature, compiled. */
export interface Siglists {
  /** The line of the sentinel that is exactly this frame. */
  readonly sentinel: Siglist;
  readonly irrelevant: Siglist;
  readonly prefix: Siglist;
  /** Functions that get the line number. */
  readonly lineNumber: Siglist;
}

/**
 * Compiles the four lists.
 * @param texts each file's text
 * @param folder goes before the file names in an error
 * @throws MaydayError CONFIG_INVALID naming file and line of each line that is no regular expression
 */
export function parseSiglists(texts: Readonly<Record<SiglistFile, string>>, folder = ""): Siglists {
  const problems: string[] = [];
  const regexes = (file: SiglistFile): Siglist => {
    const compiled = regexSiglist(siglistLines(file, texts[file]));
    if ("list" in compiled) return compiled.list;
    for (const { line, why } of compiled.bad) problems.push(`${folder}${file} line ${line}: ${why}`);
    return () => undefined;
  };
  const [sentinels, irrelevant, prefix, lineNumbers] = siglistFiles;
  const siglists = {
    sentinel: literalSiglist(siglistLines(sentinels, texts[sentinels])),
    irrelevant: regexes(irrelevant),
    prefix: regexes(prefix),
    lineNumber: regexes(lineNumbers),
  };
  if (problems.length > 0) throw new MaydayError("CONFIG_INVALID", problems.join("; "));
  return siglists;
}
