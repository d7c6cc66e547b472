import { dayOf } from "@mayday/crash";
import type { ObjectStore, StoredObject } from "./object-store.ts";

/** A crash ping as the collector saved it. */
export interface StoredPing {
  /** The document id that the client gave it, a UUID in lower case. */
  readonly documentId: string;
  /** How it came: Glean's address, or the older telemetry's. */
  readonly kind: "glean" | "telemetry";
  /** Absent for a crash; a request to delete all that the client sent. */
  readonly asks?: "deletion";
  /** What the address says of the sender: application, version, and for telemetry channel and build id. */
  readonly address: Readonly<Record<string, string>>;
  /** `YYYY-MM-DDTHH:MM:SS.ffffff+00:00` */
  readonly receivedAt: string;
  readonly userAgent: string;
  /** The body. */
  readonly ping: Readonly<Record<string, unknown>>;
}

/** Pings lie by the day they were received, so that a day's can be listed, and an old day's removed. */
const FOLDER = "v1/crash_ping/";
const folderOf = (day: string) => `${FOLDER}${day}/`;

/** The day of a ping's object, `YYYYMMDD`; undefined for the key of anything else. */
export function dayOfPingKey(key: string): string | undefined {
  return key.startsWith(FOLDER) ? key.slice(FOLDER.length).split("/")[0] : undefined;
}

/**
 * The object of a ping, a line of JSON. Its key is its day and document id: what is sent twice on a day is there once.
 * @param body the ping as it came, which spares writing it anew
 */
export function pingObject(ping: StoredPing, body?: Buffer): StoredObject {
  const key = `${folderOf(dayOf(new Date(ping.receivedAt)))}${ping.documentId}`;
  if (body === undefined || !isLine(body)) return { key, bytes: Buffer.from(JSON.stringify(ping)) };
  const { ping: _, ...rest } = ping;
  const head = `${JSON.stringify(rest).slice(0, -1)},"ping":`;
  return { key, bytes: Buffer.concat([Buffer.from(head), body, Buffer.from("}")]) };
}

/** Whether JSON is one line, without a byte order mark. */
const isLine = (json: Buffer) => json[0] === 0x7b && !json.includes("\n") && !json.includes("\r");

/** The pings received on `day` (`YYYYMMDD`, UTC), in no order, and when each was saved. */
export async function* listPings(
  store: ObjectStore,
  day: string,
): AsyncIterable<{ readonly documentId: string; readonly savedAt: Date }> {
  const folder = folderOf(day);
  for await (const { key, modifiedAt } of store.list(folder)) {
    yield { documentId: key.slice(folder.length), savedAt: modifiedAt };
  }
}

/** A ping received on `day` (`YYYYMMDD`, UTC). */
export async function loadPing(
  store: ObjectStore,
  day: string,
  documentId: string,
): Promise<StoredPing | undefined> {
  const bytes = await store.get(`${folderOf(day)}${documentId}`);
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString("utf8")) as StoredPing);
}
