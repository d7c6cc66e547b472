import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../packages/storage/src/test-support/servers.ts";
import { filesBelow, listens, type Runner } from "./runner.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** Our collector, with a Redis of its own. @param checkout whose collector it is; this one's when absent */
export async function startOurs(folder: string, checkout = repository): Promise<Runner> {
  const redis = join(folder, "redis.sock");
  const settings = ["--port", "0", "--unixsocket", redis, "--save", "", "--dir", folder];
  const server = spawn("redis-server", settings, { stdio: "ignore" });
  const port = await freePort();
  const child = spawn(process.execPath, ["services/collector/src/main.ts"], {
    cwd: checkout,
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
  await listens(port);
  return { port, child, beside: [server], stored: () => filesBelow(join(folder, "crashes/v1/raw_crash")) };
}
