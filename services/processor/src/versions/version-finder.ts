import { readFile } from "node:fs/promises";
import { MaydayError } from "@mayday/errors";
import { z } from "zod";
import { askVersionApi } from "./ask-version-api.ts";
import type { FindVersion } from "./find-version.ts";
import { releasedVersions, versionAmong } from "./released-versions.ts";
import { remembered } from "./remembered.ts";

export interface VersionSettings {
  readonly PROCESSOR_RELEASES_FILE: string;
  readonly PROCESSOR_VERSION_API: string;
}

const releases = z.array(
  z.object({
    product: z.string(),
    channel: z.string(),
    build_id: z.string(),
    version_string: z.string(),
  }),
);

/** The releases that were told by API. */
export interface KnownReleases {
  versionsOf(product: string, channel: string, buildId: string): Promise<readonly string[]>;
}

/** Finds versions: by the file of releases, by those that were told, then by asking a VersionString API. */
export async function versionFinder(settings: VersionSettings, known: KnownReleases): Promise<FindVersion> {
  const listed = releasedVersions(await readReleases(settings.PROCESSOR_RELEASES_FILE));
  const { PROCESSOR_VERSION_API: address } = settings;
  const asked = address === "" ? undefined : remembered(askVersionApi(address), Date.now);
  return async (...build) =>
    (await listed(...build)) ?? versionAmong(await known.versionsOf(...build)) ?? asked?.(...build);
}

/** @throws {MaydayError} FILE_UNREADABLE for a file that is not there or has another shape */
async function readReleases(path: string) {
  if (path === "") return [];
  try {
    return releases.parse(JSON.parse(await readFile(path, "utf8"))).map((row) => ({
      product: row.product,
      channel: row.channel.toLowerCase(),
      buildId: row.build_id,
      version: row.version_string,
    }));
  } catch (cause) {
    throw new MaydayError("FILE_UNREADABLE", path, { cause });
  }
}
