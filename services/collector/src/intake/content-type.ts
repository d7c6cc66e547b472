import { MaydayError } from "@mayday/errors";
import { readHeaderValue } from "./header-value.ts";

/** RFC 2046's limit. */
const MAX_BOUNDARY = 70;

/**
 * The boundary that a report's Content-Type names.
 * @throws {MaydayError} MALFORMED_NO_CONTENT_TYPE, MALFORMED_WRONG_CONTENT_TYPE, MALFORMED_NO_BOUNDARY
 */
export function boundaryOf(contentType: string | undefined): string {
  if (contentType === undefined || contentType === "") throw new MaydayError("MALFORMED_NO_CONTENT_TYPE");
  const { value: type, parameters } = readHeaderValue(contentType);
  if (type !== "multipart/form-data" && type !== "multipart/mixed") {
    throw new MaydayError("MALFORMED_WRONG_CONTENT_TYPE");
  }
  const boundary = parameters.get("boundary");
  if (boundary === undefined || boundary === "" || boundary.length > MAX_BOUNDARY) {
    throw new MaydayError("MALFORMED_NO_BOUNDARY");
  }
  return boundary;
}
