import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../packages/storage/src/test-support/servers.ts";
import { program } from "../measure.ts";
import { filesBelow, listens, type Runner } from "./runner.ts";

export interface Peer {
  readonly name: string;
  start(folder: string): Promise<Runner>;
}

/** How gunicorn is started: arguments and environment, with storage in a folder and metrics sent to a port. */
type Start = (crashes: string, statsd: number) => { args: string[]; env: NodeJS.ProcessEnv; cwd: string };

const here = fileURLToPath(new URL("./", import.meta.url));

/** As Antenna's `bin/run_web.sh` does, with file system storage and nothing published. */
function antenna(checkout: string): Start {
  return (crashes, statsd) => ({
    cwd: checkout,
    args: [
      "--worker-class=sync",
      `--statsd-host=localhost:${statsd}`,
      "--statsd-prefix=socorro.collector",
      `--dogstatsd-tags=host:${hostname()}`,
      "--log-file=-",
      "--error-logfile=-",
      "--access-logfile=-",
      "antenna.wsgi:application",
    ],
    env: {
      HOSTNAME: hostname(),
      LOCAL_DEV_ENV: "False",
      SECRET_SENTRY_DSN: "",
      STATSD_HOST: "localhost",
      STATSD_PORT: String(statsd),
      CRASHMOVER_CRASHSTORAGE_CLASS: "antenna.ext.fs.crashstorage.FSCrashStorage",
      CRASHMOVER_CRASHSTORAGE_FS_ROOT: crashes,
      CRASHMOVER_CRASHPUBLISH_CLASS: "antenna.ext.crashpublish_base.NoOpCrashPublish",
    },
  });
}

const equivalent: Start = (crashes, statsd) => ({
  cwd: here,
  args: ["antenna-equivalent:app"],
  env: { CRASH_ROOT: crashes, STATSD_PORT: String(statsd) },
});

/** Antenna where its checkout is named (BENCH_ANTENNA), else its equivalent; undefined where gunicorn is not installed. */
export function findPeer(): Peer | undefined {
  const bin = process.env["BENCH_PEER"];
  const gunicorn = bin === undefined ? program("gunicorn") : join(bin, "gunicorn");
  if (gunicorn === undefined || !existsSync(gunicorn)) return undefined;
  const checkout = process.env["BENCH_ANTENNA"];
  if (checkout === undefined) {
    const name = "an equivalent of Antenna (test/bench/collector; BENCH_ANTENNA names a checkout of itself)";
    return { name, start: (folder) => run(gunicorn, equivalent, folder) };
  }
  return { name: `Antenna (${checkout})`, start: (folder) => run(gunicorn, antenna(checkout), folder) };
}

async function run(gunicorn: string, start: Start, folder: string): Promise<Runner> {
  const [port, statsd] = [await freePort(), await freePort()];
  const crashes = join(folder, "crashes");
  mkdirSync(crashes);
  const { args, env, cwd } = start(crashes, statsd);
  const sink = await metricsSink(statsd);
  const child = spawn(gunicorn, ["--workers=2", `--bind=127.0.0.1:${port}`, ...args], {
    cwd,
    env: { PATH: process.env["PATH"], PYTHONDONTWRITEBYTECODE: "1", ...env },
    stdio: "ignore",
  });
  await listens(port);
  const stored = () =>
    readdirSync(crashes).reduce((sum, day) => sum + filesBelow(join(crashes, day, "raw_crash")), 0);
  return { port, child, beside: [sink], stored };
}

/**
 * Where metrics go: a port that is open, since a closed one costs the sender a warning for each, and that nobody reads,
 * since a reader would take its share of the processor.
 */
async function metricsSink(port: number): Promise<ChildProcess> {
  const sink = fork(fileURLToPath(new URL("./metrics-sink.ts", import.meta.url)), [String(port)]);
  await once(sink, "message");
  sink.kill("SIGSTOP");
  return sink;
}
