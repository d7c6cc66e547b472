import type { Settings } from "@mayday/config";
import type { Place } from "../journal/segment.ts";
import type { collectorSettings } from "../settings.ts";

/** What the mover's thread is started with. */
export type MoverStart = Settings<typeof collectorSettings>;

/** A place with the number by which collector and thread speak of it. */
export type NumberedPlace = Place & { readonly number: number };

export type ToMover =
  | { readonly kind: "move"; readonly places: readonly NumberedPlace[] }
  | { readonly kind: "close"; readonly limitMs: number };

export type FromMover =
  /** What was queued, once it is in storage; `from` is when its batch was begun, ms since 1970. */
  | { readonly kind: "queued"; readonly crashIds: readonly string[]; readonly from: number }
  /** In storage, or given up; and how long that took. */
  | { readonly kind: "moved"; readonly numbers: readonly number[]; readonly seconds: number }
  | { readonly kind: "damaged"; readonly number: number }
  /** Why storage does not take what is moved: errors lose what they are on their way to another thread. */
  | { readonly kind: "failed"; readonly error: { readonly code?: string; readonly message: string } }
  | { readonly kind: "count"; readonly args: readonly unknown[] }
  | { readonly kind: "closed" };
