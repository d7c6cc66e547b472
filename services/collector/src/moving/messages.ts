/** What the collector tells its moving thread. Items have numbers, by which the thread speaks of them. */
export type ToMover<Sent> =
  | { readonly kind: "move" | "resume"; readonly items: readonly Numbered<Sent>[] }
  | { readonly kind: "close"; readonly limitMs: number };

export type Numbered<Sent> = Sent & { readonly number: number };

/** What it is told by it. */
export type FromMover =
  /** In storage, or given up; and how long that took. */
  | { readonly kind: "moved"; readonly numbers: readonly number[]; readonly seconds: number }
  | { readonly kind: "damaged"; readonly number: number }
  /** Why storage does not take what is moved. */
  | { readonly kind: "failed"; readonly error: { readonly code?: string; readonly message: string } }
  | { readonly kind: "count"; readonly args: readonly unknown[] }
  | { readonly kind: "closed" };
