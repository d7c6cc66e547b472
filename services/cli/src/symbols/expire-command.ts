import { neededBy, type SearchEngine } from "@mayday/search";
import { type ExpiredSymbols, expireSymbols, type ObjectStore, type SymbolTree } from "@mayday/storage";

export interface ExpireOptions {
  readonly days: number;
  readonly tryDays: number;
  readonly fetchedDays: number;
  readonly dryRun?: boolean;
  readonly withCrashes?: boolean;
}

const DAY_MS = 86_400_000;

/**
 * `mayday symbols expire`: removes symbols that are too old and not in use, and prints a line for each file that went.
 * @param openEngine the index that tells what crashes need; the embedded one has one user at a time
 */
export async function expireCommand(
  objects: ObjectStore,
  openEngine: () => Promise<SearchEngine>,
  { days, tryDays, fetchedDays, dryRun = false, withCrashes = false }: ExpireOptions,
): Promise<void> {
  const engine = withCrashes ? undefined : await openEngine();
  const counts = { removed: 0, bytes: 0, use: 0, crash: 0 };
  const count = ({ key, bytes, keptFor }: ExpiredSymbols) => {
    if (keptFor !== undefined) {
      counts[keptFor]++;
      return;
    }
    counts.removed++;
    counts.bytes += bytes;
    console.log(key);
  };
  const trees: readonly (readonly [SymbolTree, number])[] = [
    ["try/v1", tryDays],
    ["fetched/v1", fetchedDays],
    ["v1", days],
  ];
  try {
    for (const [tree, kept] of trees) {
      const expiry = { tree, before: Date.now() - kept * DAY_MS, isDryRun: dryRun };
      // What was fetched can be fetched again.
      const isKept = tree !== "fetched/v1";
      const neededByCrashes = isKept && engine && ((ids: readonly string[]) => neededBy(ids, engine));
      for await (const file of expireSymbols(objects, {
        ...expiry,
        ...(neededByCrashes && { neededByCrashes }),
      })) {
        count(file);
      }
    }
  } finally {
    await engine?.close();
  }
  const { removed, bytes, use, crash } = counts;
  console.error(
    `${removed} files of ${bytes} bytes ${dryRun ? "would be removed" : "removed"}; old and kept: ${use} in use, ${crash} needed by crashes`,
  );
}
