import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { checkKey } from "../key.ts";
import { knownForAWhile } from "../known-for-a-while.ts";
import type { ObjectInfo, ObjectStore } from "../object-store.ts";
import { type Room, readInto } from "../open-object.ts";
import { patienceLimits } from "../patience.ts";
import { putGroupsBy } from "../put-groups.ts";
import { heldSource, wholeStream } from "../streams.ts";
import { told, type Words } from "../unavailable.ts";
import type { S3Options } from "./s3-options.ts";
import { s3Words } from "./s3-words.ts";

/** So many keys one request may remove. */
const REMOVED_AT_ONCE = 1000;
/** Of an upload in parts; S3 takes 10,000 parts, so that 80 GB is the most. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 3;

/**
 * Objects in an S3 bucket. A CRC-32 goes with every object, which the store checks before it takes it, and one comes back
 * with it, which the SDK checks. Credentials are found as the SDK finds them (AWS_ACCESS_KEY_ID …).
 */
export function openS3ObjectStore(options: S3Options): ObjectStore {
  const { bucket, region, endpoint } = options;
  const limits = patienceLimits[options.patience ?? "background"];
  const place = { region, ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }) };
  /** Signs for bytes that it does not know, and so without their checksum. */
  const signer = new S3Client({ ...place, requestChecksumCalculation: "WHEN_REQUIRED" });
  const client = new S3Client({
    ...place,
    maxAttempts: limits.attempts,
    requestHandler: {
      connectionTimeout: limits.connectMs,
      requestTimeout: limits.answerMs,
      throwOnRequestTimeout: true,
      socketTimeout: limits.silenceMs,
      httpAgent: { maxSockets: 64 },
      httpsAgent: { maxSockets: 64 },
    },
  });
  /** What is wrong is said with what the request needs. */
  const wordsFor =
    (permission: string): Words =>
    (error) =>
      s3Words(error, options, permission);
  const toPut = wordsFor("s3:PutObject");
  const toGet = wordsFor("s3:GetObject");
  const toList = wordsFor("s3:ListBucket");
  const toDelete = wordsFor("s3:DeleteObject");

  const put = async (key: string, Body: Uint8Array) => {
    const object = { Bucket: bucket, Key: checkKey(key), Body, ChecksumAlgorithm: "CRC32" } as const;
    await client.send(new PutObjectCommand(object));
  };
  const upload = async (key: string, source: ReturnType<typeof heldSource>) => {
    const params = { Bucket: bucket, Key: checkKey(key), Body: source, ChecksumAlgorithm: "CRC32" } as const;
    await new Upload({ client, params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done();
  };
  const find = (key: string) =>
    client.send(new GetObjectCommand({ Bucket: bucket, Key: checkKey(key), ChecksumMode: "ENABLED" }));
  const read = async (key: string) =>
    Buffer.from((await (await find(key)).Body?.transformToByteArray()) ?? []);
  const readStream = async (key: string) => {
    const { Body, ContentLength } = await find(key);
    return wholeStream(Body as never, ContentLength, toGet);
  };
  const open = async (key: string, room: Room) => readInto(room, await readStream(key));
  const head = async (key: string): Promise<ObjectInfo> => {
    const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: checkKey(key) }));
    return { key, size: found.ContentLength ?? 0, modifiedAt: found.LastModified ?? new Date(0) };
  };
  const remove = async (keys: readonly string[]) => {
    for (const key of keys) checkKey(key);
    for (let at = 0; at < keys.length; at += REMOVED_AT_ONCE) {
      const Objects = keys.slice(at, at + REMOVED_AT_ONCE).map((Key) => ({ Key }));
      const { Errors } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      );
      const failed = (Errors ?? []).filter(({ Code }) => Code !== "NoSuchKey");
      const [first] = failed;
      if (first === undefined) continue;
      const error = Object.assign(new Error(first.Message), { name: first.Code ?? "" });
      throw new Error(`${failed.length} objects are not removed, ${first.Key}: ${toDelete(error)}`);
    }
  };
  // Listing, since its answer has a body that says what is wrong, as that to HEAD has not.
  const checkBucket = () =>
    told(() => client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 })), toList);
  const untilBucketGone = knownForAWhile(checkBucket);
  return {
    put: (key, bytes) => told(() => put(key, bytes), toPut),
    putGroups: (groups) => told(() => putGroupsBy(put, groups), toPut),
    putStream: (key, source) => told(() => upload(key, heldSource(source)), toPut),
    get: (key) => told(() => unlessAbsent(read(key), untilBucketGone), toGet),
    getStream: (key) => told(() => unlessAbsent(readStream(key), untilBucketGone), toGet),
    signedPut: (key, expiresIn) => {
      const put = new PutObjectCommand({ Bucket: bucket, Key: checkKey(key) });
      return told(() => getSignedUrl(signer, put, { expiresIn }), toPut);
    },
    open: (key, room) => told(() => unlessAbsent(open(key, room), untilBucketGone), toGet),
    info: (key) => told(() => unlessAbsent(head(key), untilBucketGone), toGet),
    list: (prefix) => listBelow(client, bucket, `${checkKey(prefix.replace(/\/$/, ""))}/`, toList),
    delete: (keys) => told(() => remove(keys), toDelete),
    check: async () => {
      await checkBucket();
    },
  };
}

async function* listBelow(
  client: S3Client,
  bucket: string,
  prefix: string,
  words: Words,
): AsyncIterable<ObjectInfo> {
  const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })[Symbol.asyncIterator]();
  for (;;) {
    const { value: page, done } = await told(() => pages.next(), words);
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
