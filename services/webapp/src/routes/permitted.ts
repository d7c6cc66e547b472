import { type Permission, permissionTitles } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import type { FastifyRequest } from "fastify";
import { type Asker, askerOf } from "../asker.ts";
import type { WebappParts } from "../parts.ts";

/** Who asks, when they hold one of the permissions. @throws MaydayError PERMISSION_NEEDED, TOKEN_INVALID */
export async function permitted(
  request: FastifyRequest,
  parts: WebappParts,
  ...anyOf: readonly [Permission, ...Permission[]]
): Promise<Asker> {
  const asker = await askerOf(request, parts);
  if (anyOf.some((permission) => asker.viewer.has(permission))) return asker;
  throw new MaydayError("PERMISSION_NEEDED", `it needs ‘${permissionTitles[anyOf[0]]}’`);
}
