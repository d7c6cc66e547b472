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
   * there whole, never before; the others may show while they are written. After an error any of them may be there: put them again. The bytes may be shared memory,
   * and are the caller's again when it returns.
   */
  putGroups(groups: readonly (readonly StoredObject[])[]): Promise<void>;
  get(key: string): Promise<Buffer | undefined>;
  info(key: string): Promise<ObjectInfo | undefined>;
  /** The objects whose key begins with `prefix` (whole parts, ending in `/`), in no order. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /** Throws when the store cannot be used. */
  check(): Promise<void>;
}
