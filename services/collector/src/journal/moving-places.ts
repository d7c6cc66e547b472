import type { Settings } from "@mayday/config";
import type { Moving } from "../moving/mover-thread.ts";
import type { collectorSettings } from "../settings.ts";
import { endPlaces, type Place } from "./segment.ts";

/** What the moving thread is started with. */
export interface MoverStart {
  readonly settings: Settings<typeof collectorSettings>;
  /** The journal's recent memory. */
  readonly recent: ArrayBufferLike;
}

/** Where an entry stands, as the thread is told. */
export interface SentPlace {
  /** Of the segment. */
  readonly path: string;
  readonly at: number;
  readonly length: number;
  /** Where the entry is in the journal's recent memory. */
  readonly copyAt: number | undefined;
}

/** Moves the journal's entries to storage. */
export function movingPlaces(startedWith: MoverStart): Moving<Place, SentPlace> {
  return {
    program: new URL("./thread-main.ts", import.meta.url),
    startedWith,
    sent: ({ segment, at, length, copy }) => ({ path: segment.path, at, length, copyAt: copy?.at }),
    entriesIn: () => 1,
    onMoved: endPlaces,
    onDamaged: ({ segment }) => segment.markDamaged(),
  };
}
