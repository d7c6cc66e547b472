import type { ByteReader } from "../bytes/byte-reader.ts";
import { keyValues, streamText } from "../bytes/key-value-text.ts";
import { ok, type Result } from "../bytes/result.ts";

/** The Linux distribution. Each is empty when the file did not tell. */
export interface LsbRelease {
  /** As `debian`. */
  readonly id: string;
  /** As `12`. */
  readonly release: string;
  /** As `bookworm`. */
  readonly codename: string;
  /** For humans, as `Debian GNU/Linux 12 (bookworm)`. */
  readonly description: string;
}

/** Keys of /etc/lsb-release, then of /etc/os-release: writers copy whichever file there is. */
const keys: Readonly<Record<string, keyof LsbRelease>> = {
  DISTRIB_ID: "id",
  ID: "id",
  DISTRIB_RELEASE: "release",
  VERSION_ID: "release",
  DISTRIB_CODENAME: "codename",
  VERSION_CODENAME: "codename",
  DISTRIB_DESCRIPTION: "description",
  PRETTY_NAME: "description",
};

/** Reads the LinuxLsbRelease stream. */
export function readLinuxLsbRelease(stream: ByteReader): Result<LsbRelease> {
  const found = { id: "", release: "", codename: "", description: "" };
  for (const [key, value] of keyValues(streamText(stream), "=")) {
    if (Object.hasOwn(keys, key)) found[keys[key]!] = value;
  }
  return ok(found);
}
