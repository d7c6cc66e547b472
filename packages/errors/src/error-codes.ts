/**
 * Every error a user of Mayday can meet, by code: what it says in one line, and the HTTP status of a service
 * that answers with it. Codes are never reused. `docs/errors.md` is printed from this table.
 */
export const errorCodes = {
  // The collector's refusals: the reply body is `Discarded=malformed_<reason>` (Antenna's words).
  MALFORMED_NO_CONTENT_TYPE: { http: 400, says: "the request has no Content-Type" },
  MALFORMED_WRONG_CONTENT_TYPE: {
    http: 400,
    says: "the Content-Type is neither multipart/form-data nor multipart/mixed",
  },
  MALFORMED_NO_BOUNDARY: { http: 400, says: "the Content-Type names no multipart boundary" },
  MALFORMED_NO_CONTENT_LENGTH: { http: 400, says: "the request has an empty body" },
  MALFORMED_BAD_GZIP: { http: 400, says: "the body says it is gzip and cannot be decompressed" },
  MALFORMED_BAD_ENCODING: {
    http: 400,
    says: "the body cannot be decompressed as its Content-Encoding says",
  },
  MALFORMED_UNKNOWN_ENCODING: {
    http: 415,
    says: "the Content-Encoding is none of gzip, deflate, br and zstd",
  },
  MALFORMED_UNREAL_ARCHIVE: {
    http: 400,
    says: "the body is no archive of Unreal Engine's CrashReportClient",
  },
  MALFORMED_INVALID_PAYLOAD_STRUCTURE: { http: 400, says: "the multipart body is broken or over a limit" },
  MALFORMED_INVALID_JSON: { http: 400, says: "the annotations are not JSON" },
  MALFORMED_INVALID_JSON_VALUE: {
    http: 400,
    says: "the annotations are JSON but no object, or nested too deep",
  },
  MALFORMED_NO_ANNOTATIONS: { http: 400, says: "the report holds no annotations" },
  MALFORMED_INVALID_UUID: { http: 400, says: "the uuid annotation is not a crash id" },
  PING_INVALID_ADDRESS: { http: 400, says: "the ping's address has a part that is not allowed" },
  PING_BAD_GZIP: { http: 400, says: "the ping says it is gzip and cannot be inflated within the limit" },
  PING_INVALID_JSON: { http: 400, says: "the ping is not JSON" },
  PING_INVALID_VALUE: { http: 400, says: "the ping is JSON but no crash ping" },
  UNAUTHORIZED_UUID: { http: 401, says: "only a trusted resubmitter may name the crash id" },
  BODY_TOO_LARGE: { http: 413, says: "the body is larger than the collector accepts" },
  JOURNAL_FULL: { http: 503, says: "the collector's journal has no room left" },
  OVERLOADED: {
    http: 503,
    says: "the journal is full and storage takes nothing; send the report again later",
  },
  SAVE_FAILED: { http: 500, says: "the report could not be saved; send it again later" },

  // Storage.
  STORAGE_BAD_KEY: { http: 500, says: "an object key has characters or parts that are not allowed" },
  STORAGE_UNAVAILABLE: { http: 503, says: "the object store did not answer" },

  // Asking for crashes.
  CRASH_ID_INVALID: { http: 400, says: "that is not a crash id" },
  CRASH_NOT_FOUND: { http: 404, says: "no crash is stored under that id" },
  SEARCH_BAD_PARAMETER: { http: 400, says: "a search parameter has a bad value" },
  SEARCH_UNAVAILABLE: { http: 503, says: "the search engine did not answer" },
  HOST_NOT_ALLOWED: { http: 403, says: "viewers have no permissions under this host name" },
  PERMISSION_NEEDED: { http: 403, says: "the viewer lacks a permission" },

  // Tokens.
  TOKEN_UNKNOWN: { http: 404, says: "there is no such token that is valid" },
  TOKEN_INVALID: { http: 403, says: "the Auth-Token is unknown, expired or revoked" },

  // Bugs.
  BUGS_UNREADABLE: { http: 400, says: "the file is no search result of a bug tracker" },

  // Logging in.
  LOGIN_UNAVAILABLE: { http: 503, says: "the login provider does not answer as it should" },
  LOGIN_REFUSED: { http: 403, says: "the login provider's answer does not hold" },

  // Symbols.
  SYMBOLS_NOT_FOUND: { http: 404, says: "no symbol file is stored under that name and debug id" },
  SYMBOLS_MALFORMED: { http: 422, says: "the symbol file cannot be read" },
  SYMBOLS_OVER_BUDGET: { http: 507, says: "reading the symbols would take more bytes than are allowed" },
  API_REFUSED: { http: 502, says: "Mayday's API did not answer what was asked" },
  UPLOAD_REFUSED: { http: 502, says: "the symbols service did not take what was uploaded" },
  SYMBOLICATE_BAD_REQUEST: { http: 400, says: "the symbolication request is wrong" },
  SYMCACHE_UNSAVED: { http: 507, says: "the symcache could not be written" },
  SYMCACHE_CORRUPT: { http: 500, says: "the symcache is truncated, damaged or of another version" },

  // Processing.
  PROCESSING_INTERRUPTED: { http: 503, says: "a stop cut processing off; the crash is processed again" },
  PROCESSING_FAILED: { http: 500, says: "the crash could not be processed" },

  WEBAPP_UNAVAILABLE: { http: 503, says: "the webapp did not answer" },
  WEBAPP_REFUSED: { http: 502, says: "the webapp refused what was asked" },
  BULK_TOO_LARGE: { http: 413, says: "a bulk job has more crashes than it may have" },

  // Signatures.
  CRASH_DATA_INVALID: { http: 400, says: "the crash data has a bad value" },

  // Settings and start-up.
  CONFIG_INVALID: { http: 500, says: "a setting is missing, unknown or has a bad value" },
  REDIS_MISSING: { http: 500, says: "there is no redis-server on this machine and REDIS_URL is not set" },
  REDIS_UNAVAILABLE: { http: 503, says: "Redis did not answer" },
  PORT_IN_USE: { http: 500, says: "a port is taken by another program" },
  USAGE: { http: 400, says: "the command line is wrong" },
  FILE_UNREADABLE: { http: 500, says: "a file cannot be read" },
  DUMP_UNREADABLE: { http: 422, says: "the minidump cannot be read" },
} as const satisfies Record<string, { http: number; says: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** An error with a code of the catalogue. `detail` is added to the catalogue's sentence. */
export class MaydayError extends Error {
  override readonly name = "MaydayError";
  readonly code: ErrorCode;
  /** What is particular about this case. */
  readonly detail: string | undefined;

  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    const { says } = errorCodes[code];
    super(detail === undefined ? says : `${says}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
  }

  get httpStatus(): number {
    return errorCodes[this.code].http;
  }
}

/** One line for a user: the code and what it says; for anything not of the catalogue its message alone. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Packages that know no other, such as config, bring codes of the catalogue on errors of their own.
  const { code } = error as { code?: unknown };
  return typeof code === "string" && Object.hasOwn(errorCodes, code)
    ? `${code}: ${error.message}`
    : error.message;
}
