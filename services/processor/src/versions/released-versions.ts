import type { FindVersion } from "./find-version.ts";

/** A build that was released. */
export interface Release {
  readonly product: string;
  /** In lower case. */
  readonly channel: string;
  readonly buildId: string;
  /** As people say it: `142.0b9`, `142.0rc1`, `142.0`. */
  readonly version: string;
}

/**
 * Versions by a list of releases. Of several versions of one build it is a beta's where the first is one, else the
 * candidate's, since on these channels a final is one that became it; else the first.
 */
export function releasedVersions(releases: readonly Release[]): FindVersion {
  const byBuild = Map.groupBy(releases, ({ product, channel, buildId }) => key(product, channel, buildId));
  return async (product, channel, buildId) =>
    versionAmong((byBuild.get(key(product, channel, buildId)) ?? []).map(({ version }) => version));
}

/** By which of its versions a build is called. */
export function versionAmong(versions: readonly string[]): string | undefined {
  const isBeta = versions[0]?.includes("b") ?? false;
  return versions.find((version) => version.includes("rc") !== isBeta) ?? versions[0];
}

const key = (...parts: readonly string[]) => JSON.stringify(parts);
