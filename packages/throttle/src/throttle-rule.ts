import type { SubmittedAnnotations } from "@mayday/crash";

/** What becomes of a report. A fake-accepted one is answered with an id and dropped. */
export type ThrottleResult = "accept" | "reject" | "fakeaccept";

/** The digit of the result in a crash id. */
export const throttleDigit = { accept: 0, fakeaccept: 3 } as const;

/** What a rule looks at besides the report. */
export interface ThrottleContext {
  readonly now: Date;
  /** Product names that are taken; empty takes all. */
  readonly products: readonly string[];
  /** Android package names that are taken, for the products that have a list. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
}

/** `percent` of the reports get `kept`, the others `otherwise`. */
export interface Sampling {
  readonly percent: number;
  readonly kept: ThrottleResult | "continue";
  readonly otherwise: ThrottleResult;
}

export interface ThrottleRule {
  /** Its name in replies, metrics and raw crashes. */
  readonly name: string;
  /** The annotation that must be there for the rule to be asked. */
  readonly needs?: string;
  matches(annotation: (name: string) => string | undefined, context: ThrottleContext): boolean;
  readonly result: ThrottleResult | Sampling;
}

/** An annotation as text, as rules compare it (Antenna turns all values into strings first). */
export function annotationText(annotations: SubmittedAnnotations, name: string): string | undefined {
  if (!Object.hasOwn(annotations, name)) return undefined;
  const value = annotations[name];
  if (value === null) return "None";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
