import { errorCodes, MaydayError } from "@mayday/errors";
import { UnreadableParameter } from "@mayday/search";
import { httpStatusOf } from "../http-status-of.ts";
import { badField, badRequest, failed } from "./answers.ts";
import type { Answer } from "./endpoint.ts";

/** The API's answer to a request that threw: `path` and `query` are shown when the fault is ours. */
export function refusalOf(error: unknown, path: string, query: string): Answer {
  if (error instanceof UnreadableParameter) return badField(error.parameter, error.why);
  // Clients of Crash Stats know searches that make no sense under this name.
  if (error instanceof MaydayError && error.code === "SEARCH_BAD_PARAMETER")
    return badRequest("BadArgumentError", detailOf(error));
  // Crash Stats' words, which its clients show.
  if (error instanceof MaydayError && error.code === "TOKEN_INVALID")
    return failed(403, "API Token not matched");
  if (error instanceof MaydayError && error.httpStatus === 400)
    return badRequest(error.code, detailOf(error));
  if (error instanceof MaydayError && error.httpStatus === 503) return failed(503, error.code);
  const status = httpStatusOf(error);
  if (status < 500) return failed(status, error instanceof Error ? error.message : "Bad request");
  return failed(500, "Internal Server Error", { path, query_string: query });
}

/** What an error says besides the catalogue's sentence. */
function detailOf(error: MaydayError): string {
  const { says } = errorCodes[error.code];
  return error.message.startsWith(`${says}: `) ? error.message.slice(says.length + 2) : error.message;
}
