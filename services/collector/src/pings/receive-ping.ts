import type { IncomingMessage } from "node:http";
import { MaydayError, timestamp } from "@mayday/crash";
import { pingObject } from "@mayday/storage";
import { inflated, withBody } from "../body.ts";
import { keep } from "../keep.ts";
import type { CollectorParts } from "../submission.ts";
import { checkAddress, type PingAddress, readPing } from "./crash-ping.ts";

/**
 * Takes one crash ping: read, check, keep. When it returns the ping is durable. One whose document id is in storage
 * already is taken and not stored again: clients send until they hear an answer.
 * @throws {MaydayError} a PING_ code, BODY_TOO_LARGE, OVERLOADED, SAVE_FAILED
 */
export function receivePing(
  request: IncomingMessage,
  address: PingAddress,
  parts: CollectorParts,
): Promise<void> {
  const { limits, memory, inflating, now } = parts;
  const { kind, documentId, ...rest } = checkAddress(address);
  return withBody(request, limits.maxPingBytes, memory, async ({ bytes, compressed }, share) => {
    const body = compressed
      ? await inflating(() => inflated(bytes, limits.maxPingBytes)).catch(refuseGzip)
      : bytes;
    if (compressed) share.add(body.length);
    const ping = readPing(body, { kind, documentId });
    const receivedAt = timestamp(now());
    const userAgent = request.headers["user-agent"] ?? "None";
    const stored = { documentId, kind, address: rest, receivedAt, userAgent, ping };
    await keep({ queue: "pings", id: documentId, objects: [pingObject(stored)] }, parts);
  });
}

function refuseGzip(error: unknown): never {
  throw new MaydayError("PING_BAD_GZIP", undefined, { cause: error });
}
