/** Crash ids that are kept of each change. */
const MOST_EXAMPLES = 3;

/** How many crashes have a signature. */
export interface SignatureCount {
  readonly signature: string;
  readonly crashes: number;
}

/** Crashes that go from one signature to another. */
export interface SignatureChange {
  readonly from: string;
  readonly to: string;
  readonly crashes: number;
  /** A few of them. */
  readonly examples: readonly string[];
}

/**
 * What another way to make signatures does to a set of crashes. Lists are ordered by crashes, most first, then by
 * signature.
 */
export interface SignatureDiff {
  readonly crashes: number;
  /** Crashes whose signature changes. */
  readonly changed: number;
  /** Distinct signatures before and after. */
  readonly signatures: { readonly before: number; readonly after: number };
  readonly changes: readonly SignatureChange[];
  /** Signatures whose crashes come under several, with all that they come under. */
  readonly splits: readonly { readonly from: string; readonly to: readonly SignatureCount[] }[];
  /** Signatures under which crashes of several come, with all that they come from. */
  readonly merges: readonly { readonly to: string; readonly from: readonly SignatureCount[] }[];
}

interface Pair {
  crashes: number;
  readonly examples: string[];
}

/** Counts crashes by the signatures they had and would have. Memory grows with pairs of signatures, not with crashes. */
export class SignatureDiffCounter {
  readonly #byBefore = new Map<string, Map<string, Pair>>();

  add(crash: string, before: string, after: string): void {
    const pairs = this.#byBefore.get(before) ?? new Map<string, Pair>();
    this.#byBefore.set(before, pairs);
    const pair = pairs.get(after) ?? { crashes: 0, examples: [] };
    pairs.set(after, pair);
    pair.crashes += 1;
    if (before !== after && pair.examples.length < MOST_EXAMPLES) pair.examples.push(crash);
  }

  result(): SignatureDiff {
    const pairs = [...this.#byBefore].flatMap(([from, byAfter]) =>
      Array.from(byAfter, ([to, pair]): SignatureChange => ({ from, to, ...pair })),
    );
    const changes = pairs.filter(({ from, to }) => from !== to).sort(byCrashes);
    const before = grouped(pairs, "from", "to");
    const after = grouped(pairs, "to", "from");
    return {
      crashes: sum(pairs),
      changed: sum(changes),
      signatures: { before: before.length, after: after.length },
      changes,
      splits: several(before).map(({ signature: from, others: to }) => ({ from, to })),
      merges: several(after).map(({ signature: to, others: from }) => ({ to, from })),
    };
  }
}

interface Group {
  readonly signature: string;
  readonly crashes: number;
  readonly others: readonly SignatureCount[];
}

/** For each signature of one side, those that its crashes have on the other side. */
function grouped(pairs: readonly SignatureChange[], side: "from" | "to", otherSide: "from" | "to"): Group[] {
  const groups = Map.groupBy(pairs, (pair) => pair[side]);
  return Array.from(groups, ([signature, members]) => ({
    signature,
    crashes: sum(members),
    others: members.map((pair) => ({ signature: pair[otherSide], crashes: pair.crashes })).sort(byCrashes),
  }));
}

const several = (groups: readonly Group[]): Group[] =>
  groups.filter(({ others }) => others.length > 1).sort(byCrashes);

const sum = (counts: readonly { readonly crashes: number }[]): number =>
  counts.reduce((total, { crashes }) => total + crashes, 0);

type Ordered = { readonly crashes: number } & (SignatureCount | SignatureChange);

function byCrashes(a: Ordered, b: Ordered): number {
  return b.crashes - a.crashes || compareText(nameOf(a), nameOf(b));
}

const nameOf = (entry: Ordered): string =>
  "signature" in entry ? entry.signature : `${entry.from}\n${entry.to}`;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
