import { randomBytes } from "node:crypto";
import type { ObjectStore } from "@mayday/storage";

const PREFIX = "uploads/plans/";

/** A plan of an upload, kept until its files have come. */
export interface StoredPlan {
  readonly uploadId: number;
  readonly isTry: boolean;
  readonly files: readonly { readonly key: string; readonly size: number; readonly md5: string }[];
}

/** Plans by a secret that stands in the addresses to which their files are sent. */
export interface Plans {
  save(plan: StoredPlan): Promise<string>;
  read(secret: string): Promise<StoredPlan | undefined>;
  /** Removes those that were made before a time, ms since 1970. */
  forget(before: number): Promise<void>;
}

/** Plans as JSON objects beside the symbols: any process of the service may be sent a file of them. */
export function storedPlans(store: ObjectStore): Plans {
  const keyOf = (secret: string) => `${PREFIX}${secret}.json`;
  return {
    async save(plan) {
      const secret = randomBytes(24).toString("hex");
      await store.put(keyOf(secret), Buffer.from(JSON.stringify(plan)));
      return secret;
    },
    async read(secret) {
      if (!/^[0-9a-f]{48}$/.test(secret)) return undefined;
      const bytes = await store.get(keyOf(secret));
      return bytes && (JSON.parse(bytes.toString("utf8")) as StoredPlan);
    },
    async forget(before) {
      const old: string[] = [];
      for await (const { key, modifiedAt } of store.list(PREFIX))
        if (modifiedAt.getTime() < before) old.push(key);
      if (old.length > 0) await store.delete(old);
    },
  };
}
