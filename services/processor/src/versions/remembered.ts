import type { FindVersion } from "./find-version.ts";

const MOST_BUILDS = 5000;
const FOUND_LASTS_MS = 24 * 3600 * 1000;
/** A build that nobody knows may be released meanwhile. */
const MISS_LASTS_MS = 30 * 60 * 1000;

/** Asks once about a build that many crashes have. A failure is not remembered. */
export function remembered(find: FindVersion, now: () => number): FindVersion {
  const known = new Map<string, { readonly version: string | undefined; readonly until: number }>();
  return async (...build) => {
    const key = JSON.stringify(build);
    const earlier = known.get(key);
    if (earlier !== undefined && earlier.until > now()) return earlier.version;
    const version = await find(...build);
    known.delete(key);
    known.set(key, { version, until: now() + (version === undefined ? MISS_LASTS_MS : FOUND_LASTS_MS) });
    const [oldest] = known.keys();
    if (known.size > MOST_BUILDS && oldest !== undefined) known.delete(oldest);
    return version;
  };
}
