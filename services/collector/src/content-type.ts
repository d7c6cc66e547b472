import { MaydayError } from "@mayday/crash";

/** RFC 2046's limit. */
const MAX_BOUNDARY = 70;

/**
 * The boundary that a report's Content-Type names.
 * @throws {MaydayError} MALFORMED_NO_CONTENT_TYPE, MALFORMED_WRONG_CONTENT_TYPE, MALFORMED_NO_BOUNDARY
 */
export function boundaryOf(contentType: string | undefined): string {
  if (contentType === undefined || contentType === "") throw new MaydayError("MALFORMED_NO_CONTENT_TYPE");
  const type = contentType.split(";", 1)[0]!.trim().toLowerCase();
  if (type !== "multipart/form-data" && type !== "multipart/mixed") {
    throw new MaydayError("MALFORMED_WRONG_CONTENT_TYPE");
  }
  const boundary = parameter(contentType, "boundary");
  if (boundary === undefined || boundary === "" || boundary.length > MAX_BOUNDARY) {
    throw new MaydayError("MALFORMED_NO_BOUNDARY");
  }
  return boundary;
}

/** A parameter of a header value, such as `name` in `form-data; name="extra"`. */
export function parameter(header: string, name: string): string | undefined {
  return parameters(header).get(name);
}

const PARAMETER = /;\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g;

/** The parameters of a header value by name in lower case; the first of each name counts. */
export function parameters(header: string): Map<string, string> {
  const found = new Map<string, string>();
  // Not `matchAll`: it makes a regular expression of its own each time, and this is asked for every part.
  PARAMETER.lastIndex = 0;
  for (let match = PARAMETER.exec(header); match !== null; match = PARAMETER.exec(header)) {
    const [, name = "", quoted, plain = ""] = match;
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, quoted === undefined ? plain : unescaped(quoted));
  }
  return found;
}

function unescaped(quoted: string): string {
  return quoted.includes("\\") ? quoted.replace(/\\(.)/g, "$1") : quoted;
}
