import { connect } from "node:net";

/** A request as it is to go over the wire. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly body_b64?: string;
  readonly body_repeat?: { readonly char: string; readonly times: number; readonly then: string };
  readonly http_version?: string;
  readonly no_host_header?: boolean;
}

/** An answer; header names are in small letters. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Sends a request byte for byte, one connection for it, and reads the answer to the end. */
export function sendRaw(port: number, request: RecordedRequest): Promise<RawAnswer> {
  return new Promise((answered, failed) => {
    const pieces: Buffer[] = [];
    const socket = connect(port, "127.0.0.1");
    socket.on("data", (piece) => pieces.push(piece));
    socket.on("error", failed);
    socket.on("close", () => {
      try {
        answered(parseAnswer(Buffer.concat(pieces)));
      } catch (error) {
        failed(error);
      }
    });
    socket.write(head(request));
    socket.write(framedBody(request));
  });
}

function bodyOf({ body, body_b64, body_repeat }: RecordedRequest): Buffer {
  if (body_b64 !== undefined) return Buffer.from(body_b64, "base64");
  if (body_repeat !== undefined) {
    return Buffer.from(body_repeat.char.repeat(body_repeat.times) + body_repeat.then);
  }
  return Buffer.from(body ?? "");
}

const isChunked = ({ headers }: RecordedRequest) =>
  Object.entries(headers).some(
    ([name, value]) => name.toLowerCase() === "transfer-encoding" && value === "chunked",
  );

function head(request: RecordedRequest): string {
  const { method, path, headers, http_version = "1.1", no_host_header = false } = request;
  const hasLength = Object.keys(headers).some((name) => name.toLowerCase() === "content-length");
  const lines = [
    `${method} ${path} HTTP/${http_version}`,
    ...(no_host_header || "Host" in headers ? [] : ["Host: 127.0.0.1"]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(hasLength || isChunked(request) ? [] : [`Content-Length: ${bodyOf(request).length}`]),
    "Connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function framedBody(request: RecordedRequest): Buffer {
  const body = bodyOf(request);
  if (!isChunked(request)) return body;
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n0\r\n\r\n")]);
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) throw new Error(`no answer: ${bytes.toString("latin1").slice(0, 200)}`);
  const [first = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [name = "", value = ""] = line.split(/:\s*(.*)/s);
    headers[name.toLowerCase()] = value;
  }
  const rest = bytes.subarray(end + 4);
  const body = headers["transfer-encoding"] === "chunked" ? unchunked(rest) : rest;
  return { status: Number(first.split(" ")[1]), headers, body };
}

function unchunked(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const length = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (lineEnd < 0 || !(length > 0)) return Buffer.concat(pieces);
    pieces.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
}
