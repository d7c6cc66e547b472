import { fileURLToPath } from "node:url";
import type { Metrics } from "@mayday/observability";
import type { FastifyInstance } from "fastify";
import pTimeout from "p-timeout";
import { readVersion } from "./version.ts";

/** What a service depends on, by name: a check answers or throws, soon. */
export type HealthChecks = Readonly<Record<string, () => Promise<unknown>>>;

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** How long a check may take before it counts as failed, ms. */
const CHECK_LIMIT_MS = 3000;

/** Adds `/__version__`, `/__heartbeat__`, `/__lbheartbeat__` and `/metrics`, which every service has. */
export function addHealthRoutes(server: FastifyInstance, checks: HealthChecks, metrics: Metrics): void {
  const version = readVersion(root);
  server.get("/__version__", () => version);
  server.get("/__lbheartbeat__", (_request, reply) => reply.type("application/json").send(""));
  server.get("/__heartbeat__", async (_request, reply) => {
    const errors = await failedChecks(checks);
    return reply.code(errors.length === 0 ? 200 : 503).send({ errors });
  });
  server.get("/metrics", async (_request, reply) =>
    reply.type("text/plain; version=0.0.4; charset=utf-8").send(await metrics.text()),
  );
}

async function failedChecks(checks: HealthChecks): Promise<{ name: string; msg: string }[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await pTimeout(check(), {
          milliseconds: CHECK_LIMIT_MS,
          message: `no answer within ${CHECK_LIMIT_MS} ms`,
        });
        return [];
      } catch (error) {
        return [{ name, msg: error instanceof Error ? error.message : String(error) }];
      }
    }),
  );
  return results.flat();
}
