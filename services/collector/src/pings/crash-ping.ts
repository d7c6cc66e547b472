import { MaydayError } from "@mayday/errors";
import type { StoredPing } from "@mayday/storage";
import { z } from "zod";

/** Where a ping was sent to, as the parts of its address say. */
export interface PingAddress {
  readonly kind: StoredPing["kind"];
  readonly documentId: string;
  readonly [part: string]: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Application, version, channel, build id. */
const PART = /^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,99}$/;

/**
 * Checks the parts of a ping's address; the document id comes back in lower case.
 * @throws {MaydayError} PING_INVALID_ADDRESS
 */
export function checkAddress(address: PingAddress): PingAddress {
  if (!UUID.test(address.documentId))
    throw new MaydayError("PING_INVALID_ADDRESS", "the document id is no UUID");
  for (const [name, value] of Object.entries(address)) {
    if (!PART.test(value)) throw new MaydayError("PING_INVALID_ADDRESS", name);
  }
  return { ...address, documentId: address.documentId.toLowerCase() };
}

const gleanPing = z.looseObject({
  ping_info: z.looseObject({ seq: z.int().min(0), start_time: z.string(), end_time: z.string() }),
  client_info: z.looseObject({ telemetry_sdk_build: z.string() }),
  metrics: z.record(z.string(), z.unknown()).optional(),
});

const telemetryPing = z.looseObject({
  type: z.literal("crash"),
  id: z.string().regex(UUID).optional(),
  version: z.number(),
  payload: z.record(z.string(), z.unknown()),
});

/**
 * Reads a ping's body.
 * @throws {MaydayError} PING_INVALID_JSON, PING_INVALID_VALUE
 */
export function readPing(body: Buffer, { kind, documentId }: PingAddress): Record<string, unknown> {
  const parsed = (kind === "glean" ? gleanPing : telemetryPing).safeParse(readJson(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new MaydayError("PING_INVALID_VALUE", `${issue?.path.join(".") || "the body"}: ${issue?.message}`);
  }
  const { id } = parsed.data as { id?: string };
  if (kind === "telemetry" && id !== undefined && id.toLowerCase() !== documentId) {
    throw new MaydayError("PING_INVALID_VALUE", "id: not the address's document id");
  }
  return parsed.data;
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new MaydayError("PING_INVALID_JSON", undefined, { cause: error });
  }
}
