import pLimit from "p-limit";
import { checkKey } from "./key.ts";
import type { StoredObject } from "./object-store.ts";

/** How many objects go to a remote store at a time. */
const AT_ONCE = 32;

/** Stores groups by single puts: many at a time, the last object of each group when the others of it are there. */
export async function putGroupsBy(
  put: (key: string, bytes: Uint8Array) => Promise<void>,
  groups: readonly (readonly StoredObject[])[],
): Promise<void> {
  for (const { key } of groups.flat()) checkKey(key);
  const limit = pLimit(AT_ONCE);
  const putLater = ({ key, bytes }: StoredObject) => limit(() => put(key, bytes));
  const results = await Promise.allSettled(
    groups.map(async (group) => {
      await Promise.all(group.slice(0, -1).map(putLater));
      const last = group.at(-1);
      if (last !== undefined) await putLater(last);
    }),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
