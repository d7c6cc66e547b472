/**
 * Who waits for a store: somebody in front of a page, who would rather know after seconds that it is away, or work in the
 * background, which goes on when it answers again.
 */
export type Patience = "page" | "background";

interface Limits {
  /** How often a request is sent in all, with pauses that grow. */
  readonly attempts: number;
  readonly connectMs: number;
  /** Until an answer begins. */
  readonly answerMs: number;
  /** Without a byte on an open connection. */
  readonly silenceMs: number;
}

/** In front of a page all attempts together take about three seconds. */
export const patienceLimits: Record<Patience, Limits> = {
  page: { attempts: 2, connectMs: 1000, answerMs: 1400, silenceMs: 10_000 },
  background: { attempts: 3, connectMs: 2000, answerMs: 15_000, silenceMs: 60_000 },
};
