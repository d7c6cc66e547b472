import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { checkKey } from "../key.ts";
import { knownForAWhile } from "../known-for-a-while.ts";
import type { ObjectInfo, ObjectStore } from "../object-store.ts";
import { putGroupsBy } from "../put-groups.ts";
import { told } from "../unavailable.ts";
import { type Put, quickPut } from "./quick-put.ts";
import type { S3Options } from "./s3-options.ts";

/** How often a request is sent in all, with pauses that grow. */
const ATTEMPTS = 3;
const CONNECT_LIMIT_MS = 2000;
/** No bytes for so long end a request, ms. */
const REQUEST_LIMIT_MS = 15_000;

/**
 * Objects in an S3 bucket. A CRC-32 goes with every object, which the store checks before it takes it, and one comes back
 * with it, which the SDK checks. Credentials are found as the SDK finds them (AWS_ACCESS_KEY_ID …).
 */
export function openS3ObjectStore(options: S3Options): ObjectStore {
  const { bucket, region, endpoint } = options;
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_LIMIT_MS,
      requestTimeout: REQUEST_LIMIT_MS,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: 64 },
      httpsAgent: { maxSockets: 64 },
    },
  });
  const putBySdk: Put = async (Key, Body) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ChecksumAlgorithm: "CRC32" }));
  };
  const putQuickly = quickPut(client, options, putBySdk);
  // A copy: what hashes and sends bytes does not take memory that threads share.
  const put = (key: string, bytes: Uint8Array) => putQuickly(checkKey(key), Buffer.from(bytes));
  const read = async (key: string) => {
    const { Body } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: checkKey(key), ChecksumMode: "ENABLED" }),
    );
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const head = async (key: string): Promise<ObjectInfo> => {
    const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: checkKey(key) }));
    return { key, size: found.ContentLength ?? 0, modifiedAt: found.LastModified ?? new Date(0) };
  };
  const checkBucket = () => client.send(new HeadBucketCommand({ Bucket: bucket }));
  const untilBucketGone = knownForAWhile(checkBucket);
  return {
    put: (key, bytes) => told(() => put(key, bytes)),
    putGroups: (groups) => told(() => putGroupsBy(put, groups)),
    get: (key) => told(() => unlessAbsent(read(key), untilBucketGone)),
    info: (key) => told(() => unlessAbsent(head(key), untilBucketGone)),
    list: (prefix) => listBelow(client, bucket, `${checkKey(prefix.replace(/\/$/, ""))}/`),
    check: async () => {
      await told(checkBucket);
    },
  };
}

async function* listBelow(client: S3Client, bucket: string, prefix: string): AsyncIterable<ObjectInfo> {
  const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })[Symbol.asyncIterator]();
  for (;;) {
    const { value: page, done } = await told(() => pages.next());
    if (done) return;
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      // Some servers list folders as objects.
      if (Key === undefined || Key.endsWith("/")) continue;
      yield { key: Key, size: Size ?? 0, modifiedAt: LastModified ?? new Date(0) };
    }
  }
}

/** A bucket that is not there answers 404 as well, and is a store that is not there. */
async function unlessAbsent<T>(work: Promise<T>, checkBucket: () => Promise<void>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    if (name === "NoSuchBucket" || $metadata?.httpStatusCode !== 404) throw error;
    // The answer to HEAD has no body that would tell which of them it is.
    if (name !== "NoSuchKey") await checkBucket();
    return undefined;
  }
}
