import { crc32 } from "node:zlib";
import type { S3Client } from "@aws-sdk/client-s3";
import { SignatureV4 } from "@smithy/signature-v4";
import type { S3Options } from "./s3-options.ts";

/** Stores an object; throws whatever goes wrong. */
export type Put = (key: string, bytes: Buffer) => Promise<void>;

/** So many failures one after the other, where the SDK then succeeds, and it alone puts for a while, ms. */
const MOST_FAILURES = 8;
const REST_MS = 60_000;

/**
 * Puts without the SDK's middleware, which takes three times the processor time of the whole request
 * (`npm run bench -- storing`). Endpoint, credentials, connections and limits are the SDK's own, and so is the signer.
 * Only a plain success counts: all else, with its retries and its errors, is left to `put`, the SDK's way.
 */
export function quickPut(client: S3Client, options: S3Options, put: Put): Put {
  let base: Promise<URL | undefined> | undefined;
  let failures = 0;
  let restsUntil = 0;
  const { credentials, sha256 } = client.config;
  const signer = new SignatureV4({
    service: "s3",
    region: options.region,
    credentials,
    sha256,
    uriEscapePath: false,
  });

  async function isPut(key: string, bytes: Buffer): Promise<boolean> {
    base ??= baseOf(client, options);
    const url = await base;
    if (url === undefined) return false;
    const signed = await signer.sign(requestOf(url, key, bytes));
    const { response } = await client.config.requestHandler.handle(signed as never);
    response.body.resume();
    return response.statusCode === 200;
  }

  return async (key, bytes) => {
    const rests = performance.now() < restsUntil;
    if (!rests && (await isPut(key, bytes).catch(() => false))) {
      failures = 0;
      return;
    }
    await put(key, bytes);
    if (rests || ++failures < MOST_FAILURES) return;
    failures = 0;
    restsUntil = performance.now() + REST_MS;
  };
}

function requestOf(base: URL, key: string, bytes: Buffer) {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return {
    method: "PUT",
    protocol: base.protocol,
    hostname: base.hostname,
    ...(base.port === "" ? {} : { port: Number(base.port) }),
    path: `${base.pathname.replace(/\/$/, "")}/${key.split("/").map(encoded).join("/")}`,
    query: {},
    headers: {
      host: base.host,
      "content-length": String(bytes.length),
      "content-type": "application/octet-stream",
      "x-amz-checksum-crc32": checksum.toString("base64"),
    },
    body: bytes,
  };
}

/** As signatures want it: all but letters, digits and `-._~`. */
function encoded(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The bucket's address; undefined where it wants another signature than buckets of objects do. */
async function baseOf(
  { config }: S3Client,
  { bucket, region, endpoint }: S3Options,
): Promise<URL | undefined> {
  const { url, properties } = config.endpointProvider({
    Bucket: bucket,
    Region: region,
    ForcePathStyle: endpoint !== undefined,
    UseFIPS: await config.useFipsEndpoint(),
    UseDualStack: await config.useDualstackEndpoint(),
    ...(endpoint === undefined ? {} : { Endpoint: endpoint }),
  });
  const [scheme] = (properties?.["authSchemes"] ?? []) as {
    name: string;
    signingName: string;
    signingRegion: string;
  }[];
  const isPlain = scheme?.name === "sigv4" && scheme.signingName === "s3" && scheme.signingRegion === region;
  return isPlain ? url : undefined;
}
