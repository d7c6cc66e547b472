import { readFileSync } from "node:fs";

/** A crash ping as a Firefox queued it: the path to send it to, and its body. */
export interface QueuedPing {
  readonly path: string;
  readonly body: string;
}

/** Reads a file of Firefox's pending_pings: a line of path, a line of JSON, and lines for the uploader alone. */
export function readQueuedPing(file: string): QueuedPing {
  const [path = "", body = ""] = readFileSync(file, "utf8").split("\n");
  return { path, body };
}
