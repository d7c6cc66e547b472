import type { IncomingMessage } from "node:http";
import { type PingBody, pingAnnotations, timestamp } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { pingObject } from "@mayday/storage";
import { rulesets } from "@mayday/throttle";
import { withBody } from "../intake/body.ts";
import { codingsOf, decoded } from "../intake/content-encoding.ts";
import type { CollectorParts } from "../intake/receive-report.ts";
import { keep } from "../journal/keep.ts";
import { checkAddress, type PingAddress, readPing } from "./crash-ping.ts";

/**
 * Takes one crash ping: read, check, keep. When it returns the ping is durable. Clients send until they hear an answer:
 * one that is sent again on its day replaces itself.
 * @throws {MaydayError} a PING_ code, MALFORMED_UNKNOWN_ENCODING, BODY_TOO_LARGE, OVERLOADED, SAVE_FAILED
 */
export function receivePing(
  request: IncomingMessage,
  address: PingAddress,
  parts: CollectorParts,
  asks?: "deletion",
): Promise<"accept" | "unknown_product"> {
  const { limits, memory, inflating, now } = parts;
  const { kind, documentId, ...rest } = checkAddress(address);
  const codings = codingsOf(request.headers["content-encoding"]);
  return withBody(request, { maxBytes: limits.maxPingBytes }, memory, async (bytes, share) => {
    const body =
      codings.length > 0
        ? await inflating(() => decoded(bytes, codings, limits.maxPingBytes)).catch(refuseEncoding)
        : bytes;
    if (body !== bytes) share.add(body.length);
    const ping = readPing(body, { kind, documentId });
    const receivedAt = timestamp(now());
    const userAgent = request.headers["user-agent"] ?? "None";
    // As of reports: those of a product that nobody looks after are counted, and not kept. The client need not know.
    if (asks === undefined && !isKnown({ kind, ping }, parts)) return "unknown_product";
    const stored = {
      documentId,
      kind,
      ...(asks === undefined ? {} : { asks }),
      address: rest,
      receivedAt,
      userAgent,
      ping,
    };
    // The mover gathers pings into batches, and queues those.
    await keep(documentId, { crashId: undefined, objects: [pingObject(stored, body)] }, parts);
    return "accept";
  });
}

/** All are where all are accepted, and where the list of products is empty; a ping may not say which it is of. */
function isKnown(body: PingBody, { rules, throttleContext }: CollectorParts): boolean {
  const { products } = throttleContext;
  if (rules !== rulesets.mozilla || products.length === 0) return true;
  const product = pingAnnotations(body)["ProductName"];
  return product === undefined || products.includes(String(product));
}

function refuseEncoding(error: unknown): never {
  if (error instanceof MaydayError && error.code === "BODY_TOO_LARGE") throw error;
  throw new MaydayError("PING_BAD_GZIP", undefined, { cause: error });
}
