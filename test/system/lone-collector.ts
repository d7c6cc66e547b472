import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { repository } from "./pipeline.ts";

/** A collector alone: no Redis, no processor; reports go to storage all the same. */
export interface LoneCollector {
  readonly port: number;
  readonly pid: number;
  end(): Promise<void>;
}

export async function startLoneCollector(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<LoneCollector> {
  const child = spawn(process.execPath, ["services/collector/src/main.ts"], {
    cwd: repository,
    env: {
      PATH: process.env["PATH"],
      MAYDAY_DATA_DIR: dataDir,
      REDIS_URL: join(dataDir, "no-redis.sock"),
      COLLECTOR_PORT: "0",
      ...environment,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const port = await new Promise<number>((ready, failed) => {
    let lines = "";
    child.stderr.on("data", (chunk: Buffer) => {
      // After that line the log is read away, or the collector would wait for its reader.
      if (lines.length > 1e6) return;
      lines += chunk.toString();
      const found = /"url":"http:\/\/[^"]+:(\d+)"/.exec(lines)?.[1];
      if (found !== undefined) ready(Number(found));
    });
    child.once("exit", () => failed(new Error(`the collector ended:\n${lines}`)));
  });
  return {
    port,
    pid: child.pid as number,
    async end() {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
