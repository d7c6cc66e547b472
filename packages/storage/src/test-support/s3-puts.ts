import { Agent, type RequestOptions, request } from "node:http";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Put } from "../s3/quick-put.ts";
import { S3_BUCKET, S3_CREDENTIALS } from "./servers.ts";

const region = "us-east-1";
const credentials = {
  accessKeyId: S3_CREDENTIALS.AWS_ACCESS_KEY_ID,
  secretAccessKey: S3_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
};

/** Puts as AWS's SDK does by itself. */
export function sdkPut(endpoint: string): Put {
  const requestHandler = { httpAgent: { maxSockets: 64 } };
  const client = new S3Client({ region, endpoint, forcePathStyle: true, credentials, requestHandler });
  return async (Key, Body) => {
    await client.send(new PutObjectCommand({ Bucket: S3_BUCKET, Key, Body, ChecksumAlgorithm: "CRC32" }));
  };
}

/**
 * Puts with nothing to do but to send: requests were signed before, and nothing is hashed. That is what the server can
 * take from one client.
 */
export async function presignedPut(endpoint: string, keys: readonly string[]): Promise<Put> {
  const { sha256 } = new S3Client({ region, credentials }).config;
  const signer = new SignatureV4({ service: "s3", region, credentials, sha256, uriEscapePath: false });
  const { host, hostname, port, protocol } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const unsigned = { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  const requests = new Map<string, RequestOptions>();
  for (const key of keys) {
    const path = `/${S3_BUCKET}/${key}`;
    const { headers } = await signer.sign({ method: "PUT", protocol, hostname, path, headers: unsigned });
    requests.set(key, { host: hostname, port, method: "PUT", path, headers, agent });
  }
  return (key, bytes) => send(requests.get(key) as RequestOptions, bytes);
}

function send(options: RequestOptions, bytes: Buffer): Promise<void> {
  return new Promise((done, failed) => {
    const sent = request(options, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) answer.once("end", done);
      else failed(new Error(`status ${answer.statusCode}`));
    });
    sent.once("error", failed);
    sent.end(bytes);
  });
}
