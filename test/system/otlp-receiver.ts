import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A span as it was sent; ids in hex. */
interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it is a root. */
  readonly parentId: string;
}

export interface OtlpReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  close(): Promise<void>;
}

/** Takes traces as OTLP over HTTP, in protobuf; what else is sent is taken and forgotten. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const server = createServer(async (request, reply) => {
    const body = Buffer.concat(await request.toArray());
    if (request.url === "/v1/traces") spans.push(...spansOf(body));
    reply.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The spans of an ExportTraceServiceRequest; numbers are those of opentelemetry-proto's fields. */
function spansOf(request: Buffer): ReceivedSpan[] {
  return all(request, 1).flatMap((resourceSpans) => {
    const attributes = all(resourceSpans, 1).flatMap((resource) => all(resource, 1));
    const named = attributes.find((attribute) => text(attribute, 1) === "service.name");
    const service = named === undefined ? "" : text(all(named, 2)[0]!, 1);
    const spans = all(resourceSpans, 2).flatMap((scopeSpans) => all(scopeSpans, 2));
    return spans.map((span) => ({
      service,
      name: text(span, 5),
      traceId: hex(span, 1),
      spanId: hex(span, 2),
      parentId: hex(span, 4),
    }));
  });
}

const hex = (message: Buffer, field: number): string => all(message, field)[0]?.toString("hex") ?? "";
const text = (message: Buffer, field: number): string => all(message, field)[0]?.toString() ?? "";

/** The values of a field of bytes, text or messages. */
function all(message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const [field, kind] = [tag >>> 3, tag & 7];
    if (kind === 0) varint();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else {
      const length = varint();
      if (field === wanted) found.push(message.subarray(at, at + length));
      at += length;
    }
  }
  return found;
}
