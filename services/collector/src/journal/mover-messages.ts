import type { Settings } from "@mayday/config";
import type { collectorSettings } from "../settings.ts";

/** What the moving thread is started with. */
export interface MoverStart {
  readonly settings: Settings<typeof collectorSettings>;
  /** The journal's recent memory. */
  readonly recent: ArrayBufferLike;
}

/** What the collector tells its moving thread, and is told by it. */
export type ToMover =
  | { readonly kind: "move" | "resume"; readonly places: readonly SentPlace[] }
  | { readonly kind: "close"; readonly limitMs: number };

export type FromMover =
  /** In storage, or given up; and how long that took. */
  | { readonly kind: "moved"; readonly ids: readonly number[]; readonly seconds: number }
  | { readonly kind: "damaged"; readonly id: number }
  /** Why storage does not take entries. */
  | { readonly kind: "failed"; readonly error: { readonly code?: string; readonly message: string } }
  | { readonly kind: "count"; readonly args: readonly unknown[] }
  | { readonly kind: "closed" };

/** Where an entry stands. */
export interface SentPlace {
  readonly id: number;
  /** Of the segment. */
  readonly path: string;
  readonly at: number;
  readonly length: number;
  /** Where the entry is in the journal's recent memory. */
  readonly copyAt?: number | undefined;
}
