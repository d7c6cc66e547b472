import { errorLine } from "@mayday/errors";
import { createSymbolStorage, type ObjectStore, type SymbolKey, type SymbolTree } from "@mayday/storage";
import { isCurrentSymcache } from "@mayday/symbols";
import { keyOfText } from "../uploads/uploads.ts";
import { buildStored, symcacheKey } from "./build-stored.ts";

const TREES: readonly SymbolTree[] = ["v1", "try/v1", "fetched/v1"];

/** What became of one symbol file. */
export interface Rebuilt {
  readonly key: SymbolKey;
  readonly tree: SymbolTree;
  readonly outcome: "current" | "built" | "failed";
  readonly why?: string;
}

/**
 * Builds the symcaches of a store that are not there or of an earlier version; it goes on where it was stopped, since
 * what is done is current then.
 * @param all whether current ones are built, too
 */
export async function* rebuildSymcaches(objects: ObjectStore, all: boolean): AsyncIterable<Rebuilt> {
  for (const tree of TREES) {
    const storage = createSymbolStorage(objects, tree);
    for await (const object of objects.list(`${tree}/`)) {
      const key = object.key.endsWith(".sym") ? keyOfText(object.key.slice(tree.length + 1)) : undefined;
      if (key === undefined) continue;
      if (!all && (await isCurrent(storage, key))) yield { key, tree, outcome: "current" };
      else {
        const why = await buildStored(storage, key).then(() => undefined, errorLine);
        yield why === undefined ? { key, tree, outcome: "built" } : { key, tree, outcome: "failed", why };
      }
    }
  }
}

async function isCurrent(storage: ReturnType<typeof createSymbolStorage>, key: SymbolKey): Promise<boolean> {
  const stream = await storage.getStream(symcacheKey(key));
  if (stream === undefined) return false;
  for await (const chunk of stream) {
    stream.destroy();
    return isCurrentSymcache(chunk);
  }
  return false;
}
