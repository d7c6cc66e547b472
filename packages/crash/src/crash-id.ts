declare const brand: unique symbol;

/** A crash id: a UUIDv4 whose last seven characters are the throttle digit and the date, `TYYMMDD` (Socorro). */
export type CrashId = string & { readonly [brand]: "CrashId" };

const SHAPE = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{6}[0-9]{6}$/;

/**
 * Makes the id of a report received at `now`.
 * @param uuid a UUIDv4 in lower case: the source of chance
 * @param throttleDigit the throttle's result: 0 accept, 1 defer, 3 fake-accept
 */
export function newCrashId(uuid: string, now: Date, throttleDigit: 0 | 1 | 3): CrashId {
  return `${uuid.slice(0, -7)}${throttleDigit}${dayOf(now).slice(2)}` as CrashId;
}

/** Reads a crash id as people write it: plain, with `bp-`, or as a report's address. Undefined when it is none. */
export function parseCrashId(text: string): CrashId | undefined {
  const last = text.trim().split("/").at(-1) ?? "";
  const id = last.startsWith("bp-") ? last.slice(3) : last;
  return SHAPE.test(id) ? (id as CrashId) : undefined;
}

const LONGEST_TEXT = 4000;
const SOMEWHERE =
  /(?<![a-f0-9])([a-f0-9]{8})(-?)([a-f0-9]{4})\2([a-f0-9]{4})\2([a-f0-9]{4})\2([a-f0-9]{6}[0-9]{6})(?![a-f0-9]|-[a-f0-9])/g;

/**
 * The one crash id in a text that somebody kept: a collector's answer (`CrashID=bp-…`), an address with whatever is
 * behind it, an id in capitals, in braces or without dashes. Undefined when there is none, or more than one.
 */
export function findCrashId(text: string): CrashId | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_TEXT || trimmed.includes("\0")) return undefined;
  const plain = trimmed.toLowerCase().replaceAll(/%[a-f0-9]{2}/g, " ");
  const found = [...plain.matchAll(SOMEWHERE)].map(([, a, , ...others]) => [a, ...others].join("-"));
  const [id] = new Set(found);
  return new Set(found).size === 1 ? (id as CrashId) : undefined;
}

/** The day a crash was collected (UTC), `YYYYMMDD`, as its id tells. */
export function collectionDay(id: CrashId): string {
  return `20${id.slice(-6)}`;
}

/** The UTC day of `time` as `YYYYMMDD`. */
export function dayOf(time: Date): string {
  return String((time.getUTCFullYear() * 100 + time.getUTCMonth() + 1) * 100 + time.getUTCDate());
}
