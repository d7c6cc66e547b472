import type { ObjectStore, StoredObject } from "./object-store.ts";

/** A crash ping as the collector saved it. */
export interface StoredPing {
  /** The document id that the client gave it, a UUID in lower case. */
  readonly documentId: string;
  /** How it came: Glean's address, or the older telemetry's. */
  readonly kind: "glean" | "telemetry";
  /** What the address says of the sender: application, version, and for telemetry channel and build id. */
  readonly address: Readonly<Record<string, string>>;
  /** `YYYY-MM-DDTHH:MM:SS.ffffff+00:00` */
  readonly receivedAt: string;
  readonly userAgent: string;
  /** The body. */
  readonly ping: Readonly<Record<string, unknown>>;
}

const PREFIX = "v1/crash_ping/";
const keyOf = (documentId: string) => PREFIX + documentId;

/** The object of a ping. Its key is the document id's alone: what is sent twice is there once. */
export function pingObject(ping: StoredPing): StoredObject {
  return { key: keyOf(ping.documentId), bytes: Buffer.from(JSON.stringify(ping)) };
}

/** All pings there are, in no order, and when each was saved. */
export async function* listPings(
  store: ObjectStore,
): AsyncIterable<{ readonly documentId: string; readonly savedAt: Date }> {
  for await (const { key, modifiedAt } of store.list(PREFIX)) {
    yield { documentId: key.slice(PREFIX.length), savedAt: modifiedAt };
  }
}

export async function loadPing(store: ObjectStore, documentId: string): Promise<StoredPing | undefined> {
  const bytes = await store.get(keyOf(documentId));
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString("utf8")) as StoredPing);
}
