import type { CrashId, Permission } from "@mayday/crash";
import { errorCodes } from "@mayday/errors";
import { permissionTitle } from "../permissions.ts";
import type { Answer } from "./endpoint.ts";

/** What the API answers, in the shapes that Crash Stats' clients read. */
export const found = (value: unknown): Answer => json(200, value);

/** A parameter is absent or cannot be read. */
export const badField = (name: string, why: string): Answer => json(400, { errors: { [name]: [why] } });

/** Parameters that are well-formed and make no sense. `kind` tells clients' logs which sort of error it was. */
export const badRequest = (kind: string, why: string): Answer =>
  json(400, { error: `Bad request: ${kind}: ${why}` });

export const permissionNeeded = (permission: Permission): Answer =>
  json(403, {
    error: `Use of this endpoint requires the '${permissionTitle(permission)}' permission`,
  });

/** Permissions hold under the host names of WEBAPP_HOSTS alone. */
export const hostNotAllowed: Answer = {
  kind: "json",
  status: 403,
  value: { error: `HOST_NOT_ALLOWED: ${errorCodes.HOST_NOT_ALLOWED.says} (WEBAPP_HOSTS)` },
};

export const crashNotFound = (id: CrashId): Answer =>
  json(404, { error: `Not found: CrashIDNotFound ${id}` });

export const noSuchService = (name: string): Answer => json(404, { error: `No service called '${name}'` });

export const failed = (status: number, error: string, details: Record<string, unknown> = {}): Answer =>
  json(status, { error, ...details });

const json = (status: number, value: unknown): Answer => ({ kind: "json", status, value });
