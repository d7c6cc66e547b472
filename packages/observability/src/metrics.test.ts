import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { createMetrics } from "./metrics.ts";
import { addProcessMetrics } from "./process-metrics.ts";

describe("metrics", () => {
  it("are told in Prometheus' text format, with labels and buckets", async () => {
    const metrics = createMetrics();
    metrics.count("collector_reports_total", { outcome: "accept" });
    metrics.count("collector_reports_total", { outcome: "accept" }, 2);
    metrics.observe("collector_save_seconds", {}, 0.02);
    const text = await metrics.text();
    expect(text).toContain('collector_reports_total{outcome="accept"} 3');
    expect(text).toContain('collector_save_seconds_bucket{le="0.025"} 1');
    expect(text).toContain('collector_save_seconds_bucket{le="0.01"} 0');
  });

  it("are read anew each time where they are gauges, and are absent where nobody reads them", async () => {
    const metrics = createMetrics();
    let bytes = 5;
    metrics.gauge("collector_journal_bytes", () => bytes);
    expect(await metrics.text()).toContain("\ncollector_journal_bytes 5\n");
    bytes = 7;
    expect(await metrics.text()).toContain("\ncollector_journal_bytes 7\n");
    expect(await metrics.text()).not.toContain("collector_journal_waiting_entries");
  });

  it("tell of the process, and have labels where gauges do", async () => {
    const metrics = createMetrics();
    addProcessMetrics(metrics);
    metrics.gauges("queue_oldest_seconds", () => [[{ queue: "standard" }, 5]]);
    const text = await metrics.text();
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]\d{6,}$/m);
    expect(text).toMatch(/^process_event_loop_delay_seconds\{quantile="0.99"\} /m);
    expect(text).toContain('queue_oldest_seconds{queue="standard"} 5');
  });

  it("are sent as OTLP where an address says so, the last ones when it is closed", async () => {
    const bodies: Buffer[] = [];
    const server = createServer(async (request, reply) => {
      bodies.push(Buffer.concat(await request.toArray()));
      reply.writeHead(request.url === "/v1/metrics" ? 200 : 404).end();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const metrics = createMetrics({ service: "kettle", otlpEndpoint: `http://127.0.0.1:${port}/` });
    metrics.count("scheduler_expired_total", {}, 3);
    await metrics.close();
    server.closeAllConnections();
    server.close();
    const sent = Buffer.concat(bodies).toString("latin1");
    expect(sent).toContain("scheduler_expired_total");
    expect(sent).toContain("kettle");
  });

  it("do not hold up a stop where who takes them never answers", async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const metrics = createMetrics({ otlpEndpoint: `http://127.0.0.1:${port}` });
    metrics.count("scheduler_expired_total", {});
    const began = performance.now();
    await metrics.close();
    expect(performance.now() - began).toBeLessThan(8000);
    server.closeAllConnections();
    server.close();
  });
});
