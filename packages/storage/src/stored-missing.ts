import { randomUUID } from "node:crypto";
import {
  isSensible,
  type Missing,
  type MissingModules,
  nameOf,
  type Sighting,
  together,
} from "./missing-modules.ts";
import type { ObjectStore } from "./object-store.ts";

/** Anybody may name new modules for ever; of a day so many are counted, those that came first. */
const MOST_MODULES = 50_000;
const MOST_PRODUCTS = 50;

const DAY_MS = 24 * 3600 * 1000;
const KEPT_DAYS = 30;
const PREFIX = "uploads/missing/";

/**
 * Counts of missing modules as JSON objects beside the symbols, `uploads/missing/<day>/<process>.json`: each process
 * writes its own, a list adds them up, and days that are long over are removed.
 */
export function storedMissing(store: ObjectStore, now: () => number = Date.now): MissingModules {
  const own = randomUUID();
  let day = dayOf(now());
  let counted = new Map<string, Missing>();
  let isChanged = false;
  const forgotten = new Map<string, number>();
  const keyOf = (at: number) => `${PREFIX}${at}/${own}.json`;

  async function flush(): Promise<void> {
    const today = dayOf(now());
    const [wasDay, was] = [day, counted];
    if (isChanged) {
      isChanged = false;
      await store.put(keyOf(wasDay), Buffer.from(JSON.stringify([...was.values()])));
    }
    if (today === wasDay) return;
    day = today;
    counted = new Map();
    await removeOld(store, today);
  }

  return {
    note(sighting) {
      const { module } = sighting;
      const name = nameOf(module);
      if (!isSensible(module)) return;
      const known = counted.get(name);
      if (known === undefined && counted.size >= MOST_MODULES) return;
      const seen = seenNow(sighting, new Date(now()).toISOString());
      counted.set(name, known === undefined ? seen : bounded(together(known, seen)));
      isChanged = true;
    },
    forget(debugFile, debugId) {
      const name = nameOf({ debugFile, debugId });
      counted.delete(name);
      forgotten.set(name, now());
      if (forgotten.size > MOST_MODULES) forgotten.delete(forgotten.keys().next().value as string);
      isChanged = true;
    },
    async list() {
      await flush();
      const all = new Map<string, Missing>();
      for await (const { key } of store.list(PREFIX)) {
        const bytes = await store.get(key);
        for (const one of bytes === undefined ? [] : (JSON.parse(bytes.toString("utf8")) as Missing[])) {
          const name = nameOf(one);
          if ((forgotten.get(name) ?? 0) >= Date.parse(one.lastSeen)) continue;
          const known = all.get(name);
          all.set(name, known === undefined ? one : together(known, one));
        }
      }
      return [...all.values()].sort((a, b) => b.count - a.count || (a.lastSeen < b.lastSeen ? 1 : -1));
    },
    flush,
  };
}

const dayOf = (time: number) => Math.floor(time / DAY_MS);

function seenNow({ module, by, product = "" }: Sighting, time: string): Missing {
  const { debugFile, debugId, codeFile, codeId } = module;
  return {
    debugFile,
    debugId: debugId.toUpperCase(),
    codeFile,
    codeId,
    count: 1,
    firstSeen: time,
    lastSeen: time,
    products: product === "" ? {} : { [product]: 1 },
    askedBy: [by],
  };
}

/** Without the products that came when there were many already. */
function bounded(missing: Missing): Missing {
  const products = Object.entries(missing.products);
  if (products.length <= MOST_PRODUCTS) return missing;
  return { ...missing, products: Object.fromEntries(products.slice(0, MOST_PRODUCTS)) };
}

async function removeOld(store: ObjectStore, today: number): Promise<void> {
  const old: string[] = [];
  for await (const { key } of store.list(PREFIX)) {
    if (today - Number(key.slice(PREFIX.length).split("/")[0]) > KEPT_DAYS) old.push(key);
  }
  await store.delete(old);
}
