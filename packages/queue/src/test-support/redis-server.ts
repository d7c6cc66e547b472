import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithUs } from "../../../../test/end-with-us.ts";
import { connectRedis } from "../connection.ts";

export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

export interface TestRedis {
  readonly socket: string;
  /** Ends it as a crash of the machine would, and starts it anew with what its file holds. */
  restart(): Promise<void>;
  /** Ends it at once; {@link start} starts it anew. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Starts it anew without anything it had. */
  wipe(): Promise<void>;
  /** Stops it where it is, as a machine that swaps, until it goes on. */
  pause(): void;
  goOn(): void;
  stop(): Promise<void>;
}

/** A redis-server of its own that keeps a file, as the pipeline's does. */
export async function startRedis(): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), "mayday-redis-"));
  const socket = join(folder, "redis.sock");
  const options = [
    ...["--port", "0", "--unixsocket", socket, "--dir", folder],
    ...["--save", "", "--appendonly", "yes", "--appendfsync", "always"],
  ];
  const spawned = () => endWithUs(spawn("redis-server", options, { stdio: "ignore" }));
  let server = spawned();
  await isUp(socket);
  const kill = async () => {
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  };
  const start = async () => {
    server = spawned();
    await isUp(socket);
  };
  return {
    socket,
    async restart() {
      await kill();
      await start();
    },
    kill,
    start,
    async wipe() {
      await kill();
      await rm(join(folder, "appendonlydir"), { recursive: true, force: true });
      await start();
    },
    pause: () => void server.kill("SIGSTOP"),
    goOn: () => void server.kill("SIGCONT"),
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function isUp(socket: string): Promise<void> {
  const redis = connectRedis(socket);
  redis.on("error", () => undefined);
  await redis.ping();
  redis.disconnect();
}
