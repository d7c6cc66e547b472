import type { AddressInfo } from "node:net";
import { createLogger, type Logger } from "@mayday/observability";
import type { FastifyInstance } from "fastify";

/** A service that runs. */
export interface RunningService {
  readonly name: string;
  /** Where it listens, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Finishes what was begun and lets go of everything. */
  stop(): Promise<void>;
}

/** Listens, and says where. */
export async function listen(server: FastifyInstance, port: number, host = "127.0.0.1"): Promise<string> {
  await server.listen({ port, host });
  const { port: bound } = server.server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
}

/** How long requests that were begun get to end, ms. A client that sends half a body would hold a stop for ever. */
const CLOSE_LIMIT_MS = 2000;

/** Takes no more requests, lets those that were begun end, and cuts off what lasts too long. */
export async function closeServer(server: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), CLOSE_LIMIT_MS);
  await server.close();
  clearTimeout(timer);
}

/** How long a stop may take before the process ends anyway, ms. */
const STOP_LIMIT_MS = 9000;

/** Keeps the process until SIGTERM or SIGINT, then stops `service` and exits: 0 when it stopped in time. */
export function runUntilSignal(service: { stop(): Promise<void> }, log: Logger): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping");
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    service.stop().then(
      () => process.exit(0),
      (error) => {
        log.error({ err: error }, "could not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

/** Runs a service as a program of its own: with the process's environment, until a signal stops it. */
export async function runService(
  name: string,
  start: (environment: NodeJS.ProcessEnv) => Promise<RunningService>,
): Promise<void> {
  const log = createLogger({ service: name, level: "info", file: "" });
  try {
    runUntilSignal(await start(process.env), log);
  } catch (error) {
    log.fatal({ err: error }, "could not start");
    process.exit(1);
  }
}
