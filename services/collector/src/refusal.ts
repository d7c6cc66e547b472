import type { IncomingMessage } from "node:http";
import { MaydayError } from "@mayday/errors";

/** Why something was not taken, and what its sender is told. */
export interface Refusal {
  readonly outcome: "aborted" | "failed" | "malformed";
  readonly status: number;
  /** The reply's body. */
  readonly text: string;
  /** The code in lower case, for metrics. */
  readonly reason: string;
  readonly retryAfterSeconds?: number;
}

/** When a client whose report could not be kept may come again. */
const RETRY_AFTER_SECONDS = 60;

/** The replies of Antenna's protocol for what is not taken, with what is wrong in a second line. */
export function refusalOf(error: unknown, request: IncomingMessage): Refusal {
  if (request.destroyed && !request.complete) {
    return { outcome: "aborted", status: 400, text: "", reason: "aborted" };
  }
  const code = error instanceof MaydayError ? error.code : undefined;
  if (code === "OVERLOADED") {
    return {
      outcome: "failed",
      status: 503,
      text: "",
      reason: "overloaded",
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    };
  }
  if (!(error instanceof MaydayError) || code === "SAVE_FAILED") {
    return { outcome: "failed", status: 500, text: "", reason: "failed" };
  }
  const reason = error.code.toLowerCase();
  const text = code === "BODY_TOO_LARGE" ? `${error.message}\n` : `Discarded=${reason}\n${error.message}\n`;
  return { outcome: "malformed", status: error.httpStatus, text, reason };
}
