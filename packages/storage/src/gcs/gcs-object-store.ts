import { type Bucket, CRC32C, Storage } from "@google-cloud/storage";
import { checkKey } from "../key.ts";
import { knownForAWhile } from "../known-for-a-while.ts";
import type { ObjectInfo, ObjectStore } from "../object-store.ts";
import { putGroupsBy } from "../put-groups.ts";
import { told } from "../unavailable.ts";

export interface GcsOptions {
  readonly bucket: string;
  /** Address of a server that is not Google's; it is asked without credentials. */
  readonly endpoint?: string;
}

/** A request is sent so often again, with pauses that grow. */
const RETRIES = 3;
/** In all a request may take so long, seconds. */
const TOTAL_LIMIT_SECONDS = 30;

/**
 * Objects in a bucket of Google Cloud Storage, where Socorro keeps its own. Bytes are checked by CRC-32C both ways.
 * Credentials are found as Google's client finds them (GOOGLE_APPLICATION_CREDENTIALS …).
 */
export function openGcsObjectStore({ bucket: name, endpoint }: GcsOptions): ObjectStore {
  const storage = new Storage({
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint, projectId: "none" }),
    retryOptions: { autoRetry: true, maxRetries: RETRIES, totalTimeout: TOTAL_LIMIT_SECONDS },
    timeout: TOTAL_LIMIT_SECONDS * 1000,
  });
  const bucket = storage.bucket(name);
  const put = async (key: string, bytes: Uint8Array) => {
    // A copy: what the client does with bytes does not take memory that threads share. One request, not resumable: an
    // object that shows is whole, and writing it again is harmless, so that retries are.
    const copy = Buffer.from(bytes);
    await bucket.file(checkKey(key)).save(copy, {
      resumable: false,
      // The store compares before it takes it. The client's own check comes behind, and deletes what it finds changed:
      // the object that was there before would be gone.
      metadata: { crc32c: checksum(copy) },
      validation: false,
      preconditionOpts: {},
    });
  };
  const read = async (key: string) =>
    (await bucket.file(checkKey(key)).download({ validation: "crc32c", decompress: false }))[0];
  const head = async (key: string): Promise<ObjectInfo> => {
    const [found] = await bucket.file(checkKey(key)).getMetadata();
    return { key, size: Number(found.size ?? 0), modifiedAt: new Date(found.updated ?? 0) };
  };
  const untilBucketGone = knownForAWhile(() => bucket.getMetadata());
  return {
    put: (key, bytes) => told(() => put(key, bytes)),
    putGroups: (groups) => told(() => putGroupsBy(put, groups)),
    get: (key) => told(() => unlessAbsent(read(key), untilBucketGone)),
    info: (key) => told(() => unlessAbsent(head(key), untilBucketGone)),
    list: (prefix) => listBelow(bucket, `${checkKey(prefix.replace(/\/$/, ""))}/`),
    check: async () => {
      await told(() => bucket.getMetadata());
    },
  };
}

function checksum(bytes: Buffer): string {
  const crc = new CRC32C();
  crc.update(bytes);
  return crc.toString();
}

async function* listBelow(bucket: Bucket, prefix: string): AsyncIterable<ObjectInfo> {
  let pageToken: string | undefined;
  do {
    const query = { prefix, autoPaginate: false, ...(pageToken === undefined ? {} : { pageToken }) };
    const [files, next] = await told(() => bucket.getFiles(query));
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
