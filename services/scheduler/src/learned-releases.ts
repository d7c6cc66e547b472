import { timestamp } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Records, Release } from "@mayday/records";
import { type FacetTerm, type FieldName, type SearchEngine, termsOf } from "@mayday/search";

export interface LearnedReleasesParts {
  readonly engine: Pick<SearchEngine, "search">;
  readonly releases: Pick<Records["releases"], "add">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

const DAYS = 7;
const DAY_MS = 86_400_000;
/** So many crashes must say the same of a build: anybody may send one. */
const LEAST_CRASHES = 3;
/** Products, channels, builds, versions that are looked at, the most frequent ones. */
const MOST_TERMS = 200;

/**
 * Learns of the crashes of the last days which builds there are, and by which version each is called. A build on a beta
 * channel that crashes call by the release it leads to is not learned: none of its versions is known then.
 * @returns how many were not known
 */
export async function learnReleases({
  engine,
  releases,
  log,
  metrics,
  now,
}: LearnedReleasesParts): Promise<number> {
  const since = timestamp(new Date(now().getTime() - DAYS * DAY_MS));
  const result = await engine.search({
    weeks: undefined,
    filter: { op: ">=", field: "date", value: since },
    columns: [],
    sort: [],
    aggregations: [within("product", within("release_channel", within("build_id", within("version"))))],
    facetsSize: MOST_TERMS,
    facetsOffset: 0,
    limit: 0,
    offset: 0,
    isWeighted: false,
    timeUnit: "microsecond",
  });
  const said: Release[] = [];
  for (const product of termsOf(result, "product"))
    for (const channel of termsWithin(product, "release_channel"))
      for (const build of termsWithin(channel, "build_id"))
        for (const version of termsWithin(build, "version")) {
          const release = {
            product: String(product.term),
            channel: String(channel.term),
            buildId: String(build.term),
            version: String(version.term),
          };
          if (version.count >= LEAST_CRASHES && isRelease(release)) said.push(release);
        }
  const added = await releases.add(said, "crash");
  if (added > 0) {
    metrics.count("scheduler_learned_total", { what: "release" }, added);
    log.info({ releases: added }, "learned of builds from crashes");
  }
  return added;
}

const within = (field: FieldName, ...of: readonly Terms[]): Terms => ({ kind: "terms", field, within: of });

interface Terms {
  readonly kind: "terms";
  readonly field: FieldName;
  readonly within: readonly Terms[];
}

function termsWithin({ facets = {} }: FacetTerm, name: string): readonly FacetTerm[] {
  const terms = facets[name];
  return terms === undefined || "value" in terms ? [] : terms;
}

const VERSION = /^\d{1,4}(?:\.\d{1,4}){1,3}(?:(?:a|b|rc)[1-9]\d{0,2}|esr)?$/;

/** Builds are days and times; on beta channels only versions of betas and candidates say which build it is. */
function isRelease({ channel, buildId, version }: Release): boolean {
  if (!/^\d{8,14}$/.test(buildId) || !VERSION.test(version)) return false;
  return !["beta", "aurora"].includes(channel.toLowerCase()) || /(?:a|b|rc)\d+$/.test(version);
}
