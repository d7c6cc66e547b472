import { dayOf } from "@mayday/crash";
import type { WebappParts } from "../parts.ts";
import type { VersionStart } from "../view/version-lines.ts";

const DAY_MS = 86_400_000;

/** When the versions of a product began, the newest first; a page does without where the records do not answer. */
export async function versionStarts(
  { records, log, now }: WebappParts,
  product: string,
  days: number,
): Promise<VersionStart[]> {
  const since = dayOf(new Date(now().getTime() - days * DAY_MS));
  try {
    const first = await records.releases.firstBuilds(product, `${since}000000`);
    return first.flatMap(({ version, buildId }) => {
      const at = momentOf(buildId);
      return at === undefined ? [] : [{ version, at }];
    });
  } catch (error) {
    log.warn({ err: error }, "plots go without the first builds of versions");
    return [];
  }
}

/** When a build was made, as its id says; undefined for ids that are no time. */
function momentOf(buildId: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(buildId);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
