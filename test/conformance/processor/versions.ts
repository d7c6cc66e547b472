import type { FindVersion } from "../../../services/processor/src/versions/find-version.ts";
import { releasedVersions } from "../../../services/processor/src/versions/released-versions.ts";
import type { VersionRow } from "./cases.ts";

/** The table as ours reads it. */
export function versionsOf(rows: readonly VersionRow[]): FindVersion {
  return releasedVersions(
    rows.map(({ product, channel, build_id, version_string }) => ({
      product,
      channel,
      buildId: build_id,
      version: version_string,
    })),
  );
}

/** The table as Socorro's VersionString API answered from it: a build whose only row is a final has no version. */
export function socorroVersions(rows: readonly VersionRow[]): FindVersion {
  return async (product, channel, buildId) => {
    const found = rows
      .filter((row) => row.product === product && row.channel === channel && row.build_id === buildId)
      .map(({ version_string }) => version_string);
    const isBeta = found[0]?.includes("b") ?? false;
    return found.find((version) => version.includes("rc") !== isBeta);
  };
}
