import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../system/pipeline.ts";

/** What Mozilla is sent in a day. */
export const REPORTS = 420_000;
export const PINGS = 1_700_000;

/** A report as a client sends it. */
export interface Report {
  readonly annotations: Readonly<Record<string, string>>;
  readonly dump: Uint8Array;
}

/** Quantiles of the sizes of a day's reports, bytes: median 220 kB, mean about 330 kB, p95 1.5 MB. */
const SIZES: readonly (readonly [share: number, bytes: number])[] = [
  [0, 20e3],
  [0.5, 220e3],
  [0.9, 500e3],
  [0.95, 1.5e6],
  [1, 3e6],
];

/** The size at a quantile, between the known ones in even steps of its logarithm. */
export function sizeAt(share: number): number {
  const next = Math.max(
    1,
    SIZES.findIndex(([at]) => at >= share),
  );
  const [[from, low], [to, high]] = [SIZES[next - 1]!, SIZES[next]!];
  return low * (high / low) ** ((share - from) / (to - from));
}

/** Parts of a day by when so many of its arrivals have come: in one tenth, a release's, three times as many as in the mean. */
const ARRIVALS: readonly (readonly [arrivals: number, time: number])[] = [
  [0, 0],
  [0.35, 0.45],
  [0.65, 0.55],
  [1, 1],
];

/**
 * @param part of a day's arrivals, 0 to 1
 * @returns when so many have arrived: part of the day, 0 to 1
 */
export function arrivalAt(part: number): number {
  const next = Math.max(
    1,
    ARRIVALS.findIndex(([arrivals]) => arrivals >= part),
  );
  const [[from, early], [to, late]] = [ARRIVALS[next - 1]!, ARRIVALS[next]!];
  return early + ((part - from) / (to - from)) * (late - early);
}

/**
 * Products and channels with their part of a day. Mozilla's rules keep one in ten of Firefox' releases and all of the
 * others: about one in ten together.
 */
const MIX: readonly (readonly [part: number, product: string, channel: string])[] = [
  [0.985, "Firefox", "release"],
  [0.005, "Firefox", "nightly"],
  [0.005, "Firefox", "beta"],
  [0.005, "Thunderbird", "release"],
];

const demo = (name: string) => readFileSync(join(repository, "fixtures/demo", name));
const dump = demo("demo.dmp");
// A report with a comment is always kept.
const { Comments: _, ...annotations } = JSON.parse(demo("annotations.json").toString()) as Record<
  string,
  string
>;
/** What follows a dump's streams is not looked at; it has to be carried all the same, and does not compress. */
const padding = Buffer.alloc(3e6);
for (let at = 0, seed = 1; at < padding.length; at += 4) {
  seed = Math.imul(seed, 1_664_525) + 1_013_904_223;
  padding.writeInt32LE(seed | 0, at);
}

function mixAt(share: number) {
  let below = 0;
  for (const one of MIX) {
    below += one[0];
    if (share < below) return one;
  }
  return MIX[0]!;
}

/** A report of a day. The demo's dump is walked with its symbols; it is padded to the size. */
export function reportOf(random: () => number): Report {
  const size = Math.round(sizeAt(random()));
  const [, product, channel] = mixAt(random());
  return {
    annotations: { ...annotations, ProductName: product, ReleaseChannel: channel },
    dump: Buffer.concat([dump, padding.subarray(0, Math.max(0, size - dump.length))]),
  };
}
