import type { FindVersion } from "./find-version.ts";

const LIMIT_MS = 3000;
const MOST_TRIES = 3;
/** Answers that say that there is no such build. */
const NOT_KNOWN = new Set([400, 404]);

/**
 * Asks an API as Crash Stats' VersionString: the first of its hits is the version.
 * @throws where it does not answer, or not as it should: nothing is known of the build then
 */
export function askVersionApi(address: string): FindVersion {
  const once: FindVersion = async (product, channel, buildId) => {
    const url = new URL(address);
    for (const [name, value] of Object.entries({ product, channel, build_id: buildId }))
      url.searchParams.set(name, value);
    const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
    if (NOT_KNOWN.has(response.status)) return undefined;
    if (!response.ok) throw new Error(`the version API answers ${response.status}`);
    const { hits } = (await response.json()) as { hits?: unknown };
    const [first] = Array.isArray(hits) ? hits : [];
    const version: unknown = first?.version_string;
    return typeof version === "string" && version !== "" ? version : undefined;
  };
  return async (...build) => {
    for (let tried = 1; ; tried++) {
      try {
        return await once(...build);
      } catch (error) {
        if (tried === MOST_TRIES) throw error;
      }
    }
  };
}
