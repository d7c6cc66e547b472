import { hash } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { openFsObjectStore } from "../../../packages/storage/src/fs/index.ts";
import { decodeEntry } from "../../../services/collector/src/journal/entry.ts";
import { EntryReader } from "../../../services/collector/src/journal/entry-reader.ts";
import { Journal } from "../../../services/collector/src/journal/journal.ts";
import { endPlaces, type Place } from "../../../services/collector/src/journal/segment.ts";
import { WaitingPlaces } from "../../../services/collector/src/journal/waiting-places.ts";
import { ReceivedBytes } from "../../../services/collector/src/received-bytes.ts";

// What taking a report costs where nothing is left to leave out: its bytes are received, hashed, made durable, stored as
// three files, and answered. It understands no HTTP but the length, and nothing of reports; there is no throttle, log,
// metric, queue, and no thread that moves. What a collector here costs beyond this is what it knows.
// usage: floor.ts PORT FOLDER

const [port, folder] = [Number(process.argv[2]), String(process.argv[3])];
/** As large as the raw crash of the bench's report. */
const RAW_CRASH = Buffer.alloc(8000, "{}");
const NAMES = Buffer.from('["upload_file_minidump"]');
const MOST_AT_A_TIME = { entries: 512, bytes: 64 * 1024 ** 2 };

const store = await openFsObjectStore(join(folder, "crashes"));
const { journal } = await Journal.open({
  folder: join(folder, "journal"),
  maxBytes: 8 * 1024 ** 3,
  segmentBytes: 64 * 1024 ** 2,
});
let count = 0;

async function keep(bytes: Buffer): Promise<string> {
  const id = `${String(count++).padStart(8, "0")}-0000-4000-8000-000000260101`;
  const objects = [
    { key: `v1/dump_names/${id}`, bytes: NAMES },
    { key: `v1/dump/${id}`, bytes, sha256: hash("sha256", bytes) },
    { key: `v1/raw_crash/20260101/${id}`, bytes: RAW_CRASH },
  ];
  await journal.append({ queue: "standard", id, objects });
  return id;
}

function serve(socket: Socket): void {
  let received: ReceivedBytes | undefined;
  let length = 0;
  socket.on("error", () => undefined);
  socket.on("data", async (chunk: Buffer) => {
    if (received === undefined) {
      const end = chunk.indexOf("\r\n\r\n") + 4;
      length = Number(/content-length: (\d+)/i.exec(chunk.toString("latin1", 0, end))?.[1] ?? 0);
      received = new ReceivedBytes(length);
      received.add(chunk.subarray(end));
    } else received.add(chunk);
    if (received.length < length) return;
    const whole = received;
    received = undefined;
    const text = length === 0 ? "" : `CrashID=bp-${await keep(whole.bytes())}\n`;
    whole.release();
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
  });
}

const waiting = new WaitingPlaces<Place>();
const reader = new EntryReader(journal.recent);
let isStoring = false;

async function storeAll(): Promise<void> {
  if (isStoring) return;
  isStoring = true;
  while (waiting.count > 0) {
    const places = waiting.take(MOST_AT_A_TIME);
    const found = await reader.read(places);
    await store.putGroups(found.map(({ bytes }) => decodeEntry(bytes, false)?.objects ?? []));
    await endPlaces(places);
  }
  isStoring = false;
}

journal.onAppended = (places) => {
  waiting.add(places);
  storeAll();
};
createServer(serve).listen(port, "127.0.0.1");
