import type { Readable } from "node:stream";
import type { ObjectFile, Room } from "./open-object.ts";

/** What is known of a stored object without reading it. */
export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
}

/** An object to store. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Of the bytes, in hexadecimal, where it is known: nobody need hash them again. */
  readonly sha256?: string;
}

/**
 * Objects by key. Keys are paths of parts joined with `/`; see {@link checkKey}.
 * Every method throws MaydayError STORAGE_UNAVAILABLE when the store does not do its work.
 */
export interface ObjectStore {
  /** Returns when the object is durable. An object of that key is replaced whole: no reader ever sees half of one. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /**
   * Stores many objects; returns when all are durable. The last object of a group shows when the others of its group are
   * there whole, never before; the others may show while they are written. After an error any of them may be there: put
   * them again.
   */
  putGroups(groups: readonly (readonly StoredObject[])[]): Promise<void>;
  /**
   * Stores an object of any size from a stream, with some MB of memory; returns when it is durable. A source that fails
   * leaves nothing, or what was there before, and its error is the cause of the one that is thrown.
   */
  putStream(key: string, source: Readable): Promise<void>;
  get(key: string): Promise<Buffer | undefined>;
  /**
   * An object's bytes, however many. A transfer that breaks is an error in the stream (STORAGE_UNAVAILABLE), never an end.
   * Who does not read it to its end destroys it.
   */
  getStream(key: string): Promise<Readable | undefined>;
  /**
   * An object in memory where it has no more bytes than there is room, else as an open file to be read by position: the
   * store's own, or a copy. Who is given one closes it with closeObject.
   */
  open(key: string, room: Room): Promise<Buffer | ObjectFile | undefined>;
  /**
   * An address to which anybody may PUT the bytes of an object for so many seconds; undefined where the store's
   * credentials do not allow that. Stores that have no addresses lack it.
   */
  signedPut?(key: string, seconds: number): Promise<string | undefined>;
  info(key: string): Promise<ObjectInfo | undefined>;
  /** The objects whose key begins with `prefix` (whole parts, ending in `/`), in no order. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /**
   * Removes objects, as many as there are keys; those that are not there are fine. After an error some may be left: remove
   * them again.
   */
  delete(keys: readonly string[]): Promise<void>;
  /** Throws when the store cannot be used. */
  check(): Promise<void>;
}
