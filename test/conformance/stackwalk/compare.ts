/** A place where two documents differ, and what each says there. */
export interface Difference {
  readonly path: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** All places where two JSON documents differ. What one does not have at all is undefined there. */
export function differences(ours: unknown, theirs: unknown, path = ""): Difference[] {
  if (isContainer(ours) && isContainer(theirs) && Array.isArray(ours) === Array.isArray(theirs)) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    return [...keys].flatMap((key) => differences(ours[key], theirs[key], `${path}/${key}`));
  }
  return Object.is(ours, theirs) ? [] : [{ path, ours, theirs }];
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The difference in one line. */
export function differenceText({ path, ours, theirs }: Difference): string {
  const text = (value: unknown) => (value === undefined ? "(absent)" : JSON.stringify(value)).slice(0, 120);
  return `${path}: ${text(ours)} here, ${text(theirs)} there`;
}
