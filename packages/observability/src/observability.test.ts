import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { addHealthRoutes, createMetrics } from "./index.ts";

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
});

describe("health", () => {
  async function heartbeat(checks: Record<string, () => Promise<unknown>>) {
    const server = Fastify();
    addHealthRoutes(server, checks, createMetrics());
    const { statusCode, body } = await server.inject("/__heartbeat__");
    await server.close();
    return { statusCode, body: JSON.parse(body) };
  }

  it("is good when every dependency answers", async () => {
    expect(await heartbeat({ storage: async () => undefined })).toEqual({
      statusCode: 200,
      body: { errors: [] },
    });
  });

  it("names the dependencies that do not", async () => {
    const broken = { storage: async () => undefined, queue: () => Promise.reject(new Error("gone")) };
    expect(await heartbeat(broken)).toEqual({
      statusCode: 503,
      body: { errors: [{ name: "queue", msg: "gone" }] },
    });
  });

  it("does not wait for ever", async () => {
    const { statusCode, body } = await heartbeat({ queue: () => new Promise(() => undefined) });
    expect({ statusCode, body }).toMatchObject({ statusCode: 503, body: { errors: [{ name: "queue" }] } });
  });
});
