import { isSymbolKey, type SymbolKey } from "@mayday/storage";
import { keyOfText } from "../uploads/uploads.ts";
import { UploadProblem } from "./upload-problem.ts";
import type { ArchiveMember } from "./zip-archive.ts";
import { quoted } from "./zip-archive.ts";

/** A member that is to be stored, and where. */
export interface KeyedMember {
  readonly member: ArchiveMember;
  readonly key: SymbolKey;
}

/** The members of an archive, sorted out. */
export interface SortedMembers {
  readonly keyed: readonly KeyedMember[];
  /** Names of members that nobody wants, such as lists of symbols. */
  readonly ignored: readonly string[];
}

/**
 * Sorts the members of an archive out. One bad name, and nothing of the archive is taken.
 * @param disallowed pieces of text that no name may have
 * @throws {UploadProblem} of the first bad name, in Tecken's words
 */
export function sortMembers(members: readonly ArchiveMember[], disallowed: readonly string[]): SortedMembers {
  const keyed = new Map<string, KeyedMember>();
  const ignored: string[] = [];
  for (const member of members) {
    const { name } = member;
    const snippet = disallowed.find((text) => name.includes(text));
    if (snippet !== undefined) {
      throw new UploadProblem(
        `Content of archive file contains the snippet '${snippet}' which is not allowed`,
      );
    }
    if (isIgnored(name)) {
      ignored.push(name);
      continue;
    }
    const key = keyOfText(name);
    if (key === undefined || !isSymbolKey(key)) {
      throw new UploadProblem(
        `Unrecognized file pattern. Should only be <module>/<hex>/<file> or <name>-symbols.txt and nothing else. (First unrecognized pattern was ${quoted(name)})`,
      );
    }
    keyed.set(name, { member, key });
  }
  return { keyed: [...keyed.values()], ignored };
}

/** Lists of symbols at the top, and what macOS leaves in folders. */
function isIgnored(name: string): boolean {
  return /^[^/]*-symbols\.txt$/.test(name) || /(?:^|\/)\.DS_Store$/.test(name);
}
