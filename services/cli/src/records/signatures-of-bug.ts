/** A bug and the signatures it names. */
export interface BugSignatures {
  readonly bug: string;
  readonly signatures: readonly string[];
}

/**
 * The signatures in a text, as bugs name them: `[@ signature ]`, up to the last bracket before the next `[@`, since
 * signatures have brackets of their own.
 */
export function signaturesIn(text: string): string[] {
  const pieces = text.split("[@").slice(1);
  const found = pieces.map((piece) => {
    const end = piece.lastIndexOf("]");
    return end === -1 ? "" : piece.slice(0, end).trim();
  });
  return [...new Set(found.filter((signature) => signature !== ""))];
}

/**
 * The bugs of a search result: of Bugzilla (`bugs` with `id` and `cf_crash_signature`) or of GitHub (`items`, or a list
 * of them, with `number`, `title` and `body`). Undefined where it is neither.
 */
export function bugsOf(result: unknown): BugSignatures[] | undefined {
  const { bugs, items } = recordOf(result);
  const list = Array.isArray(result) ? result : Array.isArray(bugs) ? bugs : items;
  if (!Array.isArray(list)) return undefined;
  return list.map(recordOf).flatMap((one) => {
    const bug = String(
      one["id"] !== undefined && one["cf_crash_signature"] !== undefined
        ? one["id"]
        : (one["number"] ?? one["id"]),
    );
    // A line ends a signature in what people write; Bugzilla's field has one each line as well.
    const texts = ["cf_crash_signature", "title", "body"].map((name) => one[name]);
    const lines = texts.filter((text) => typeof text === "string").flatMap((text) => text.split(/\r?\n/));
    return /^\d{1,18}$/.test(bug) ? [{ bug, signatures: [...new Set(lines.flatMap(signaturesIn))] }] : [];
  });
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
