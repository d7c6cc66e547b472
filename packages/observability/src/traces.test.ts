import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTraces, traceOf, tracesOptions } from "./traces.ts";

const crashId = "3eb3e916-86ee-4601-8de9-3230f0261130";
const span = { name: "process", crashId, from: 1_000, to: 2_500 } as const;

let sent: Buffer[];
let server: ReturnType<typeof createServer>;
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;

beforeEach(async () => {
  sent = [];
  server = createServer(async (request, reply) => {
    sent.push(Buffer.concat(await request.toArray()));
    reply.writeHead(request.url === "/v1/traces" ? 200 : 404).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe("traces", () => {
  it("are sent, the last ones when they are closed, with the crash id as the trace's", async () => {
    const traces = createTraces({ service: "kettle", url: url() });
    traces.tell({ ...span, attributes: { queue: "standard" }, error: "DUMP_BROKEN" });
    await traces.close();
    const bytes = Buffer.concat(sent);
    for (const text of ["kettle", "process", "standard", "DUMP_BROKEN"])
      expect(bytes.includes(text)).toBe(true);
    const { traceId, spanId } = traceOf(crashId);
    expect(bytes.includes(Buffer.from(traceId, "hex"))).toBe(true);
    expect(bytes.includes(Buffer.from(spanId, "hex"))).toBe(true);
  });

  it("are of the same crashes in every service where they are of a share", async () => {
    const ids = Array.from({ length: 200 }, () => `${randomUUID().slice(0, 29)}0261130`);
    const traced = async (name: "receive" | "index") => {
      sent.length = 0;
      const traces = createTraces({ service: name, url: url(), share: 0.5 });
      for (const id of ids) traces.tell({ name, crashId: id, from: 1, to: 2 });
      await traces.close();
      const bytes = Buffer.concat(sent);
      return ids.filter((id) => bytes.includes(Buffer.from(traceOf(id).traceId, "hex")));
    };
    const first = await traced("receive");
    expect(first.length).toBeGreaterThan(50);
    expect(first.length).toBeLessThan(150);
    expect(await traced("index")).toEqual(first);
  });

  it("are told to nobody where no address is set, and end soon where nobody answers there", async () => {
    const none = createTraces({ service: "kettle", url: "" });
    none.tell(span);
    await none.close();
    expect(sent).toEqual([]);
    server.closeAllConnections();
    server.close();
    const away = createTraces({ service: "kettle", url: "http://127.0.0.1:1/v1/traces" });
    away.tell(span);
    const started = performance.now();
    await away.close().catch(() => undefined);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("go where OpenTelemetry's variables say", () => {
    const all = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://otlp:4318/" };
    expect(tracesOptions({})).toEqual({ url: "", share: 1 });
    expect(tracesOptions(all)).toEqual({ url: "http://otlp:4318/v1/traces", share: 1 });
    expect(tracesOptions({ ...all, OTEL_TRACES_EXPORTER: "none" }).url).toBe("");
    expect(tracesOptions({ ...all, OTEL_TRACES_SAMPLER_ARG: "0.1" }).share).toBe(0.1);
    expect(tracesOptions({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://tempo/x" }).url).toBe(
      "http://tempo/x",
    );
  });
});
