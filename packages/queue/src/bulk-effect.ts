import type { Redis } from "ioredis";

/** How well a crash could be read: its signature, and the frames of its crashing thread. */
export interface Reading {
  readonly signature: string;
  readonly frames: number;
  /** Of those, with a function's name. */
  readonly named: number;
}

/** What processing a crash again made of it. */
export interface CrashEffect {
  readonly before: Reading;
  readonly after: Reading;
}

/** Crashes that got another signature. */
interface SignatureChange {
  readonly before: string;
  readonly after: string;
  readonly crashes: number;
}

/** What became of all crashes together of which it is known. */
export interface BulkEffect {
  readonly before: Omit<Reading, "signature">;
  readonly after: Omit<Reading, "signature">;
  /** Those of most crashes, the largest first. */
  readonly changes: readonly SignatureChange[];
}

/** Changes that are told of. */
const MOST_TOLD = 20;
/** Fields of one job in Redis: four sums and so many changes. What is new beyond is not noted. */
const MOST_FIELDS = 504;
/** A signature is shorter; whatever it is, it is not kept whole here. */
const LONGEST_SIGNATURE = 500;
const CHANGE = "change ";

/** @param seconds how long it is kept after it was noted last */
export async function noteEffect(
  redis: Redis,
  key: string,
  { before, after }: CrashEffect,
  seconds: number,
): Promise<void> {
  const names = [before.signature, after.signature].map((text) => text.slice(0, LONGEST_SIGNATURE));
  const change = before.signature === after.signature ? "" : CHANGE + JSON.stringify(names);
  const sums = [before.frames, before.named, after.frames, after.named];
  await redis.eval(NOTE, 1, key, ...sums, change, MOST_FIELDS, seconds);
}

/** Undefined where nothing was noted. */
export async function readEffect(redis: Redis, key: string): Promise<BulkEffect | undefined> {
  const fields = await redis.hgetall(key);
  if (Object.keys(fields).length === 0) return undefined;
  const sum = (name: string) => Number(fields[name] ?? 0);
  const changes = Object.entries(fields).flatMap(([name, crashes]): SignatureChange[] => {
    if (!name.startsWith(CHANGE)) return [];
    const [before = "", after = ""] = JSON.parse(name.slice(CHANGE.length)) as string[];
    return [{ before, after, crashes: Number(crashes) }];
  });
  return {
    before: { frames: sum("frames before"), named: sum("named before") },
    after: { frames: sum("frames after"), named: sum("named after") },
    changes: largestChanges(changes),
  };
}

/** Several effects as one. */
export function sumOfEffects(effects: readonly BulkEffect[]): BulkEffect {
  const crashes = new Map<string, SignatureChange>();
  for (const change of effects.flatMap(({ changes }) => changes)) {
    const key = JSON.stringify([change.before, change.after]);
    crashes.set(key, { ...change, crashes: change.crashes + (crashes.get(key)?.crashes ?? 0) });
  }
  const sum = (when: "before" | "after") => ({
    frames: effects.reduce((all, effect) => all + effect[when].frames, 0),
    named: effects.reduce((all, effect) => all + effect[when].named, 0),
  });
  return { before: sum("before"), after: sum("after"), changes: largestChanges([...crashes.values()]) };
}

function largestChanges(changes: readonly SignatureChange[]): SignatureChange[] {
  return changes
    .toSorted((a, b) => b.crashes - a.crashes || (a.after < b.after ? -1 : 1))
    .slice(0, MOST_TOLD);
}

const NOTE = `
redis.call("hincrby", KEYS[1], "frames before", ARGV[1])
redis.call("hincrby", KEYS[1], "named before", ARGV[2])
redis.call("hincrby", KEYS[1], "frames after", ARGV[3])
redis.call("hincrby", KEYS[1], "named after", ARGV[4])
local isKnown = redis.call("hexists", KEYS[1], ARGV[5]) == 1
if ARGV[5] ~= "" and (isKnown or redis.call("hlen", KEYS[1]) < tonumber(ARGV[6])) then
  redis.call("hincrby", KEYS[1], ARGV[5], 1)
end
redis.call("expire", KEYS[1], ARGV[7])
return 1`;
