import type { ObjectStore, StoredObject } from "./object-store.ts";

/** A store that many objects are written to at once, and that has them found later. */
export interface PackingStore extends ObjectStore {
  /** Returns when the objects are durable. They are found once `show` was told, or when a store is opened anew. */
  append(objects: readonly StoredObject[]): Promise<PackedBatch>;
  /** Lets the objects of batches be found, all at once; showing them again does no harm. Blocks. */
  show(batches: readonly PackedBatch[]): void;
  /** Lets go of the pack that is being written. */
  close(): Promise<void>;
}

/** All that need be known of a batch in a pack to find its objects; plain data, for other threads, too. */
export interface PackedBatch {
  /** Name of the pack. */
  readonly pack: string;
  /** Bytes from the pack's beginning. */
  readonly at: number;
  /** Bytes, in whole blocks. */
  readonly length: number;
  /** Bytes up to the directory's end. */
  readonly frontBytes: number;
  /** The batch's directory, as it stands there: a text, since of bytes another thread is sent all the memory around them. */
  readonly directory: string;
  /** ms since 1970. */
  readonly savedAt: number;
}
