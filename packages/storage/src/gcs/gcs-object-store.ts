import { once } from "node:events";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Bucket, CRC32C, Storage } from "@google-cloud/storage";
import pLimit from "p-limit";
import pTimeout from "p-timeout";
import { checkKey } from "../key.ts";
import { knownForAWhile } from "../known-for-a-while.ts";
import type { ObjectInfo, ObjectStore } from "../object-store.ts";
import { type Room, readInto } from "../open-object.ts";
import { type Patience, patienceLimits } from "../patience.ts";
import { putGroupsBy } from "../put-groups.ts";
import { heldSource, wholeStream } from "../streams.ts";
import { told, type Words } from "../unavailable.ts";
import { gcsWords } from "./gcs-words.ts";

export interface GcsOptions {
  readonly bucket: string;
  /** Address of a server that is not Google's; it is asked without credentials. */
  readonly endpoint?: string;
  /** Background when absent. */
  readonly patience?: Patience;
}

/** Objects that are removed at a time: one request removes one. */
const REMOVED_AT_ONCE = 32;
/** Of an upload in parts: the client adds listeners for each, and warns of a leak where there are many. */
const PART_BYTES = 16 * 1024 * 1024;

/**
 * Objects in a bucket of Google Cloud Storage, where Socorro keeps its own. Bytes are checked by CRC-32C both ways.
 * Credentials are found as Google's client finds them (GOOGLE_APPLICATION_CREDENTIALS …).
 */
export function openGcsObjectStore(options: GcsOptions): ObjectStore {
  const { bucket: name, endpoint } = options;
  const { attempts, answerMs } = patienceLimits[options.patience ?? "background"];
  const storage = new Storage({
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint, projectId: "none" }),
    retryOptions: {
      autoRetry: true,
      maxRetries: attempts - 1,
      totalTimeout: Math.ceil((attempts * answerMs) / 1000),
    },
    timeout: answerMs,
  });
  const bucket = storage.bucket(name);
  const inTime = limitedTo(attempts * answerMs);
  const wordsFor =
    (permission: string): Words =>
    (error) =>
      gcsWords(
        error,
        options.endpoint === undefined ? { bucket: name } : { bucket: name, endpoint: options.endpoint },
        permission,
      );
  const toPut = wordsFor("storage.objects.create and storage.objects.delete");
  const toGet = wordsFor("storage.objects.get");
  const toList = wordsFor("storage.objects.list");
  const toDelete = wordsFor("storage.objects.delete");

  const put = async (key: string, bytes: Uint8Array) => {
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // One request, not resumable: an object that shows is whole, and writing it again is harmless, so that retries are.
    const saving = bucket.file(checkKey(key)).save(content, {
      resumable: false,
      // The store compares before it takes it. The client's own check comes behind, and deletes what it finds changed:
      // the object that was there before would be gone.
      metadata: { crc32c: checksum(content) },
      validation: false,
      preconditionOpts: {},
    });
    await inTime(saving);
  };
  const upload = async (key: string, source: Readable) => {
    const target = bucket
      .file(checkKey(key))
      .createWriteStream({ resumable: true, chunkSize: PART_BYTES, validation: "crc32c" });
    await pipeline(source, target);
  };
  const read = async (key: string) =>
    (await inTime(bucket.file(checkKey(key)).download({ validation: "crc32c", decompress: false })))[0];
  const head = async (key: string): Promise<ObjectInfo> => {
    const [found] = await inTime(bucket.file(checkKey(key)).getMetadata());
    return { key, size: Number(found.size ?? 0), modifiedAt: new Date(found.updated ?? 0) };
  };
  const readStream = async (key: string) => {
    const { size } = await head(key);
    const source = bucket.file(key).createReadStream({ validation: "crc32c", decompress: false });
    // Until it answers: the client does not bear to be left sooner, and says only now that an object is not there.
    await inTime(once(source, "readable")).catch((error) => {
      source.on("error", () => undefined).destroy();
      throw error;
    });
    return wholeStream(source, size, toGet);
  };
  const open = async (key: string, room: Room) => readInto(room, await readStream(key));
  const remove = async (keys: readonly string[]) => {
    for (const key of keys) checkKey(key);
    const limit = pLimit(REMOVED_AT_ONCE);
    const results = await Promise.allSettled(
      keys.map((key) => limit(() => unlessAbsent(inTime(bucket.file(key).delete()), untilBucketGone))),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  };
  // Listing: asking for the bucket itself needs a permission that who reads and writes objects may not have.
  const checkBucket = () =>
    told(() => inTime(bucket.getFiles({ maxResults: 1, autoPaginate: false })), toList);
  const untilBucketGone = knownForAWhile(checkBucket);
  /** Where no key is at hand, and no permission to have Google sign, nothing is signed. */
  const sign = async (key: string, seconds: number) => {
    if (endpoint !== undefined) return undefined;
    const expires = Date.now() + seconds * 1000;
    const signing = bucket.file(checkKey(key)).getSignedUrl({ version: "v4", action: "write", expires });
    return inTime(signing).then(
      ([address]) => address,
      () => undefined,
    );
  };
  return {
    signedPut: sign,
    put: (key, bytes) => told(() => put(key, bytes), toPut),
    putGroups: (groups) => told(() => putGroupsBy(put, groups), toPut),
    putStream: (key, source) => told(() => upload(key, heldSource(source)), toPut),
    get: (key) => told(() => unlessAbsent(read(key), untilBucketGone), toGet),
    getStream: (key) => told(() => unlessAbsent(readStream(key), untilBucketGone), toGet),
    open: (key, room) => told(() => unlessAbsent(open(key, room), untilBucketGone), toGet),
    info: (key) => told(() => unlessAbsent(head(key), untilBucketGone), toGet),
    list: (prefix) => listBelow(bucket, `${checkKey(prefix.replace(/\/$/, ""))}/`, toList),
    delete: (keys) => told(() => remove(keys), toDelete),
    check: async () => {
      await checkBucket();
    },
  };
}

/** The client's own limits do not end a request that is never answered. */
function limitedTo(limitMs: number): <T>(work: Promise<T>) => Promise<T> {
  return (work) => {
    const late = Object.assign(new Error(`no answer within ${limitMs} ms`), { code: "ETIMEDOUT" });
    return pTimeout(work, { milliseconds: limitMs, message: late });
  };
}

function checksum(bytes: Buffer): string {
  const crc = new CRC32C();
  crc.update(bytes);
  return crc.toString();
}

async function* listBelow(bucket: Bucket, prefix: string, words: Words): AsyncIterable<ObjectInfo> {
  let pageToken: string | undefined;
  do {
    const query = { prefix, autoPaginate: false, ...(pageToken === undefined ? {} : { pageToken }) };
    const [files, next] = await told(() => bucket.getFiles(query), words);
    for (const { name, metadata } of files) {
      yield { key: name, size: Number(metadata.size ?? 0), modifiedAt: new Date(metadata.updated ?? 0) };
    }
    pageToken = (next as { pageToken?: string } | null)?.pageToken;
  } while (pageToken !== undefined);
}

/** A bucket that is not there answers 404 as well, and is a store that is not there. */
async function unlessAbsent<T>(work: Promise<T>, checkBucket: () => Promise<void>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 404) throw error;
    await checkBucket();
    return undefined;
  }
}
