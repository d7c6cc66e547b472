import { MaydayError } from "@mayday/errors";

/** The status an error asks for: of the catalogue, of the HTTP server (a body too large), else 500. */
export function httpStatusOf(error: unknown): number {
  if (error instanceof MaydayError) return error.httpStatus;
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}
