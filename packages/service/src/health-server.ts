import type { Metrics } from "@mayday/observability";
import Fastify from "fastify";
import { addHealthRoutes, type HealthChecks } from "./health.ts";
import { closeServer, listen } from "./service.ts";

/** The HTTP face of a service that has no other. */
export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers the health routes on a port of `host`; 0 takes any free one. */
export async function startHealthServer(
  port: number,
  checks: HealthChecks,
  metrics: Metrics,
  host: string,
): Promise<HealthServer> {
  const server = Fastify({ logger: false });
  addHealthRoutes(server, checks, metrics);
  return { url: await listen(server, port, host), close: () => closeServer(server) };
}
