import { MaydayError } from "@mayday/errors";
import { readHeaderValue } from "./header-value.ts";
import type { Part } from "./multipart.ts";

/** A part of a form, its headers read. */
export interface FormPart {
  /** Undefined when it has none. */
  readonly name: string | undefined;
  /** Undefined when it has none; browsers' forms give fields without a file the empty one. */
  readonly filename: string | undefined;
  /** Media type in lower case, without parameters; `text/plain` when there is none (RFC 7578 4.4). */
  readonly type: string;
  /** The Content-Type as it came; undefined when there is none. */
  readonly contentType: string | undefined;
  readonly charset: string | undefined;
  /** Decoded. */
  readonly bytes: Buffer;
}

/**
 * Reads the headers of a part and undoes its transfer encoding.
 * @throws {MaydayError} MALFORMED_INVALID_PAYLOAD_STRUCTURE when it is encoded in a way that cannot be undone
 */
export function formPart({ headers, bytes }: Part): FormPart {
  const header = headers.get("content-disposition") ?? "";
  // Its parameters may begin it, without `form-data` before them.
  const disposition = readHeaderValue(/^[^;]*=/.test(header) ? `;${header}` : header).parameters;
  const contentType = headers.get("content-type") || undefined;
  const { value: type, parameters } = readHeaderValue(contentType ?? "text/plain");
  const name = disposition.get("name");
  return {
    name,
    filename: disposition.get("filename"),
    type: type === "" ? "text/plain" : type,
    contentType,
    charset: parameters.get("charset"),
    bytes: untransferred(bytes, headers.get("content-transfer-encoding"), name),
  };
}

/** RFC 2045 6. */
function untransferred(bytes: Buffer, encoding: string | undefined, name: string | undefined): Buffer {
  switch (encoding?.trim().toLowerCase() || "binary") {
    case "7bit":
    case "8bit":
    case "binary":
      return bytes;
    case "base64":
      return base64(bytes, name);
    case "quoted-printable":
      return quotedPrintable(bytes);
    default:
      throw broken(name, "has a Content-Transfer-Encoding that is not known");
  }
}

function base64(bytes: Buffer, name: string | undefined): Buffer {
  const text = bytes.toString("latin1").replace(/[ \t\r\n]+/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw broken(name, "says it is base64 and is not");
  return Buffer.from(text, "base64");
}

/** RFC 2045 6.7; what is no encoding stays as it is. */
function quotedPrintable(bytes: Buffer): Buffer {
  const text = bytes
    .toString("latin1")
    .replace(/[ \t]+(?=\r?\n|$)/g, "")
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-Fa-f]{2})/g, (_match, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, "latin1");
}

function broken(name: string | undefined, why: string): MaydayError {
  return new MaydayError(
    "MALFORMED_INVALID_PAYLOAD_STRUCTURE",
    `part ${shown(name ?? "without a name")} ${why}`,
  );
}

/** A client's word in a note or an answer: short, printable, in one line. */
export function shown(text: string): string {
  const clean = text.replace(/[^\x20-\x7e]/g, "?");
  return clean.length > 60 ? `${clean.slice(0, 60)}…` : clean;
}
