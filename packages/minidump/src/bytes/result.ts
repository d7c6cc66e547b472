import type { MinidumpError } from "../minidump-error.ts";

/** What reading one part of a dump answers. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: MinidumpError };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(error: MinidumpError): Result<never> {
  return { ok: false, error };
}
