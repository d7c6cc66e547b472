import { z } from "zod";

/** A TCP port; 0 means any free one. */
export const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

/** Timers take no more, and fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A length of time in ms. */
export const milliseconds = (fallback: number) =>
  z.coerce.number().int().positive().max(LONGEST_TIMER_MS).default(fallback);

/** A size in MiB. */
export const megabytes = (fallback: number) => z.coerce.number().positive().max(1_000_000).default(fallback);

/** `1`/`true` or `0`/`false`. */
export const flag = (fallback: boolean) =>
  z
    .enum(["0", "1", "true", "false"])
    .default(fallback ? "1" : "0")
    .transform((text) => text === "1" || text === "true");

/** A comma list; blanks around the items do not count. */
export const list = () =>
  z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    );

/** Addresses by name: a comma list of `name=address`. */
export const links = () => list().transform(linksOf);

function linksOf(pairs: readonly string[], context: z.RefinementCtx): ReadonlyMap<string, string> {
  const found = pairs.map((pair) => /^([^=]+)=(https?:.+)$/.exec(pair));
  if (found.includes(null)) {
    context.addIssue({ code: "custom", message: "name=address, the address with http or https" });
    return z.NEVER;
  }
  return new Map(found.map((link) => [link![1]!, link![2]!]));
}

/** A value that no log, page or error may show. */
export const secret = () => z.string().default("").meta({ secret: true });

/** An address with a password in it perhaps: that is masked wherever the address is shown. */
export const passwordWithin = <T extends z.ZodType>(type: T): T => type.meta({ secret: "password" });
