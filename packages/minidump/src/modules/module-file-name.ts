import type { Os } from "../system/cpu-and-os.ts";
import { baseName } from "./base-name.ts";

/** What Linux writes behind the name of a file that was removed, or replaced by an update, while it was in use. */
const DELETED = /(?: \(deleted\))+$/;

/** A member of an Android package, as linkers name it: `base.apk!libfoo.so`. */
const ARCHIVE_MEMBER = /\.(?:x?apks?|zip|jar|aab|aar|apex|hap|hsp)!(?=[^!]+$)/i;

/** Control characters, and those that turn the direction of what follows them. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The name of a module's file, without folders, by which its symbols are found: up to a NUL, and without what systems
 * and linkers add to it. Names come from anybody: control characters are left out.
 */
export function moduleFileName(path: string, os: Os): string {
  const nul = path.indexOf("\0");
  const told = nul < 0 ? path : path.slice(0, nul);
  const isUnix = os !== "Windows NT";
  const there = isUnix ? told.replace(DELETED, "") : told;
  const last = baseName(there);
  const archive = isUnix ? ARCHIVE_MEMBER.exec(last) : null;
  const member = archive === null ? last : last.slice(archive.index + archive[0].length);
  return member.replace(UNSEEN, "");
}
