/** What a client may send to break out of text, of an attribute in either quotes, or of a script. */
export const HOSTILE = `"'><img src=x onerror=alert(1)></script><script>alert(2)</script>&amp;`;

/** A copy in which every text is hostile, and every object has a hostile name more. */
export function poisoned(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return poison(value) as Record<string, unknown>;
}

function poison(value: unknown): unknown {
  if (typeof value === "string") return HOSTILE;
  if (Array.isArray(value)) return value.map(poison);
  if (value === null || typeof value !== "object") return value;
  const inside = Object.entries(value).map(([name, inner]) => [name, poison(inner)]);
  return { ...Object.fromEntries(inside), [HOSTILE]: HOSTILE };
}

/** The places of a page where a hostile text is more than text; a page has none. */
export function escapesFrom(page: string): string[] {
  const hostile = page.replace(
    /<script type="module" src="\/static\/[a-z]+-[0-9a-f]{12}\.js"><\/script>/g,
    "",
  );
  const tags = hostile.match(/<(img|script)[^>]*>?|<[^>]*\sonerror=[^>]*>?/gi) ?? [];
  // What is escaped has no bare quote or `=`, whatever it is in.
  const attributes = page.match(/onerror=/g) ?? [];
  const links = [...page.matchAll(/(?:href|src)="([^"]*)"/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^(\/(?!\/)|#|data:image\/svg|https:\/\/)/.test(target));
  return [...tags, ...attributes, ...links];
}
