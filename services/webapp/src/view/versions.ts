/** A version that reports came from lately. */
export interface SeenVersion {
  readonly version: string;
  /** The channel most of its reports came from; empty where none says. */
  readonly channel: string;
  readonly count: number;
}

/** Orders versions as releases follow each other: `1.6.0b3` before `1.6.0`, `1.9` before `1.10`. */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < Math.max(first.length, second.length); at++) {
    const difference = compareParts(first[at], second[at]);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

type Part = number | string | undefined;

const partsOf = (version: string): Part[] =>
  (version.match(/\d+|[a-z]+/gi) ?? []).map((part) => (/^\d/.test(part) ? Number(part) : part));

/** What has a letter where the other ends is a version before that one; `esr` is not. */
function compareParts(a: Part, b: Part): number {
  if (a === b) return 0;
  const rank = (part: Part) => (typeof part === "number" ? 2 : part === undefined || part === "esr" ? 1 : 0);
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  return String(a) < String(b) ? -1 : 1;
}

/** Versions people ask for most: of each channel the newest that has a fair share of its reports. */
export function featured(versions: readonly SeenVersion[]): SeenVersion[] {
  const byChannel = Map.groupBy(versions, ({ channel }) => channel);
  const found: SeenVersion[] = [];
  for (const of of byChannel.values()) {
    const total = of.reduce((sum, { count }) => sum + count, 0);
    const used = of.filter(({ count }) => count >= total / 100);
    const [newest] = used.toSorted((a, b) => compareVersions(b.version, a.version));
    if (newest !== undefined) found.push(newest);
  }
  return found
    .sort((a, b) => channelRank(a.channel) - channelRank(b.channel) || b.count - a.count)
    .slice(0, 4);
}

/** The version of the same channel that came before, among those that were seen. */
export function versionBefore(
  version: SeenVersion,
  versions: readonly SeenVersion[],
): SeenVersion | undefined {
  return versions
    .filter(
      ({ channel, version: other }) =>
        channel === version.channel && compareVersions(other, version.version) < 0,
    )
    .sort((a, b) => compareVersions(b.version, a.version))[0];
}

const CHANNELS = ["release", "beta", "nightly", "esr"];
const channelRank = (channel: string): number => (CHANNELS.indexOf(channel) + 5) % 5;
