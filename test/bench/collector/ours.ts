import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../packages/storage/src/test-support/servers.ts";
import { filesBelow, listens, type Runner } from "./runner.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** Our collector, with a Redis of its own. */
export async function startOurs(folder: string): Promise<Runner> {
  const redis = join(folder, "redis.sock");
  const settings = ["--port", "0", "--unixsocket", redis, "--save", "", "--dir", folder];
  const server = spawn("redis-server", settings, { stdio: "ignore" });
  const port = await freePort();
  const child = spawn(process.execPath, ["services/collector/src/main.ts"], {
    cwd: repository,
    env: {
      PATH: process.env["PATH"],
      MAYDAY_DATA_DIR: folder,
      REDIS_URL: redis,
      COLLECTOR_PORT: String(port),
      COLLECTOR_THROTTLE_RULES: "mozilla",
      LOG_FILE: join(folder, "log"),
      NODE_ENV: "production",
    },
    stdio: "ignore",
  });
  return runner({ port, folder, child, beside: [server] });
}

/** What it would cost at least. */
export async function startFloor(folder: string): Promise<Runner> {
  const port = await freePort();
  const file = fileURLToPath(new URL("./floor.ts", import.meta.url));
  const child = spawn(process.execPath, [file, String(port), folder], { stdio: "ignore" });
  return runner({ port, folder, child, beside: [] });
}

async function runner(started: {
  port: number;
  folder: string;
  child: ChildProcess;
  beside: ChildProcess[];
}): Promise<Runner> {
  const { folder, ...rest } = started;
  await listens(rest.port);
  const stored = () => filesBelow(join(folder, "crashes/v1/raw_crash"));
  return { ...rest, stored };
}
