import { createMetrics } from "@mayday/observability";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { addHealthRoutes } from "./health.ts";

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
