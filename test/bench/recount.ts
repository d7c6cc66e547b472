import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crashDataOf, generateSignature, loadSiglists, type SignatureDiff } from "@mayday/signature";

/** What a diff of signatures counts, in an order of its own: texts, sorted. */
export interface Numbers {
  readonly crashes: number;
  readonly changed: number;
  readonly signaturesBefore: number;
  readonly signaturesAfter: number;
  readonly changes: readonly string[];
  readonly splits: readonly string[];
  readonly merges: readonly string[];
}

export function numbersOf(diff: SignatureDiff): Numbers {
  return {
    crashes: diff.crashes,
    changed: diff.changed,
    signaturesBefore: diff.signatures.before,
    signaturesAfter: diff.signatures.after,
    changes: diff.changes.map(({ from, to, crashes }) => `${from} → ${to}: ${crashes}`).sort(),
    splits: diff.splits.map(({ from, to }) => `${from}: ${countsText(to)}`).sort(),
    merges: diff.merges.map(({ to, from }) => `${to}: ${countsText(from)}`).sort(),
  };
}

const countsText = (counts: readonly { readonly signature: string; readonly crashes: number }[]): string =>
  counts
    .map(({ signature, crashes }) => `${signature} ${crashes}`)
    .sort()
    .join(", ");

/** The same numbers by plain counting: every document is read and signed again, and every pair kept. */
export async function countAnew(folder: string, before: string, after: string): Promise<Numbers> {
  const [old, newer] = [await loadSiglists(before), await loadSiglists(after)];
  const pairs = readdirSync(folder).map((name) => {
    const crash = crashDataOf(JSON.parse(readFileSync(join(folder, name), "utf8")));
    return { from: generateSignature(crash, old).signature, to: generateSignature(crash, newer).signature };
  });
  const changing = pairs.filter(({ from, to }) => from !== to);
  return {
    crashes: pairs.length,
    changed: changing.length,
    signaturesBefore: new Set(pairs.map(({ from }) => from)).size,
    signaturesAfter: new Set(pairs.map(({ to }) => to)).size,
    changes: counted(changing.map(({ from, to }) => `${from} → ${to}`))
      .map((entry) => entry.join(": "))
      .sort(),
    splits: several(pairs.map(({ from, to }) => [from, to])),
    merges: several(pairs.map(({ from, to }) => [to, from])),
  };
}

/** How often each text is there. */
function counted(texts: readonly string[]): [text: string, count: number][] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts];
}

/** Those that go with more than one other, with how often each. */
function several(pairs: readonly (readonly [one: string, other: string])[]): string[] {
  const others = new Map<string, string[]>();
  for (const [one, other] of pairs) {
    const known = others.get(one);
    if (known === undefined) others.set(one, [other]);
    else known.push(other);
  }
  return [...others]
    .filter(([, all]) => new Set(all).size > 1)
    .map(
      ([one, all]) =>
        `${one}: ${counted(all)
          .map(([text, count]) => `${text} ${count}`)
          .sort()
          .join(", ")}`,
    )
    .sort();
}
