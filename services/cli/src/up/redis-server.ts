import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MaydayError } from "@mayday/errors";
import type { Logger } from "@mayday/observability";
import { Redis } from "ioredis";

/** A redis-server of the pipeline's own. */
export interface PrivateRedis {
  /** Path of its socket. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Sockets' paths end at 107 bytes (Linux) or 103 (macOS). */
const MAX_SOCKET_PATH = 100;
const READY_LIMIT_MS = 30_000;
/** A redis-server that is told to end writes its data first. */
const END_LIMIT_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Starts redis-server on a unix socket, with its data in `dataDir`/redis, and starts it again when it dies. Data that
 * it cannot read are set aside: queues are hints, and the sweep fills them again.
 * @throws {MaydayError} REDIS_MISSING, REDIS_UNAVAILABLE
 */
export async function startRedis(dataDir: string, log: Logger): Promise<PrivateRedis> {
  const folder = resolve(dataDir, "redis");
  mkdirSync(folder, { recursive: true });
  const socket = socketPath(folder);
  await endLeftOver(folder, socket);
  const first = await launchReady(folder, socket).catch((error) => {
    if (error.code === "REDIS_MISSING" || !setDataAside(folder)) throw error;
    log.error({ err: error }, "redis-server does not start with its data; they are set aside");
    return launchReady(folder, socket);
  });
  return supervise(first, () => launch(folder, socket), socket, log);
}

/** Keeps a redis-server running until it is told to stop. */
function supervise(
  first: ChildProcess,
  relaunch: () => Promise<ChildProcess>,
  socket: string,
  log: Logger,
): PrivateRedis {
  let child = first;
  let stopping = false;
  // However this process ends, short of a kill, its redis-server ends too.
  const endChild = () => void child.kill();
  process.once("exit", endChild);

  async function restart(pauseMs: number): Promise<void> {
    await sleep(pauseMs);
    if (stopping) return;
    try {
      child = await relaunch();
      watch();
    } catch (error) {
      log.error({ err: error }, "redis-server does not start; trying again");
      await restart(Math.min(pauseMs * 2, LONGEST_PAUSE_MS));
    }
  }

  function watch(): void {
    const started = Date.now();
    child.once("exit", (code, signal) => {
      if (stopping) return;
      log.error({ code, signal }, "redis-server died; starting it again");
      // One that dies soon after its start will do so again.
      void restart(Date.now() - started > LONGEST_PAUSE_MS ? FIRST_PAUSE_MS : FIRST_PAUSE_MS * 4);
    });
  }

  watch();
  return {
    url: socket,
    async stop() {
      stopping = true;
      process.off("exit", endChild);
      if (hasEnded(child)) return;
      const exited = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** A redis-server that answers; one that does not come to that is ended. */
async function launchReady(folder: string, socket: string): Promise<ChildProcess> {
  const child = await launch(folder, socket);
  try {
    await waitUntilReady(socket, child);
    return child;
  } catch (error) {
    child.kill("SIGKILL");
    throw new MaydayError("REDIS_UNAVAILABLE", `see ${join(folder, "redis.log")}`, { cause: error });
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Moves Redis' data out of its way; false when there are none. */
function setDataAside(folder: string): boolean {
  const data = join(folder, "appendonlydir");
  if (!existsSync(data)) return false;
  renameSync(data, `${data}.unreadable-${Date.now()}`);
  return true;
}

function launch(folder: string, socket: string): Promise<ChildProcess> {
  const options = {
    port: "0",
    unixsocket: socket,
    unixsocketperm: "700",
    dir: folder,
    logfile: join(folder, "redis.log"),
    // Queues must never be evicted, and survive a kill.
    "maxmemory-policy": "noeviction",
    appendonly: "yes",
    appendfsync: "everysec",
    save: "",
    daemonize: "no",
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  // A process group of its own: Ctrl-C in a terminal goes to the whole group, and queues must outlive the workers.
  const child = spawn("redis-server", args, { stdio: "ignore", detached: true });
  // At once: who is killed a moment later leaves it behind.
  if (child.pid !== undefined) writeFileSync(pidFile(folder), String(child.pid));
  return new Promise((done, failed) => {
    child.once("spawn", () => done(child));
    child.once("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      failed(new MaydayError(missing ? "REDIS_MISSING" : "REDIS_UNAVAILABLE", undefined, { cause: error }));
    });
  });
}

/** In the data folder, or where its path is too long, in a folder of this user's for that data folder. */
function socketPath(folder: string): string {
  const near = join(folder, "redis.sock");
  if (Buffer.byteLength(near) <= MAX_SOCKET_PATH) return near;
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  const short = join(tmpdir(), `mayday-${process.getuid?.() ?? 0}-${name}`);
  mkdirSync(short, { recursive: true, mode: 0o700 });
  return join(short, "redis.sock");
}

/** A pipeline that was killed leaves its redis-server behind; two must not share a folder. */
async function endLeftOver(folder: string, socket: string): Promise<void> {
  const redis = connect(socket);
  try {
    await redis.connect();
    await redis.shutdown();
  } catch {
    // Nobody listens there, or it went without an answer: both are what is wanted.
  } finally {
    redis.disconnect();
  }
  // It may not have listened yet, or be ending still.
  const pid = leftOverPid(folder, socket);
  if (pid === undefined) return;
  process.kill(pid, "SIGTERM");
  const deadline = Date.now() + END_LIMIT_MS;
  while (leftOverPid(folder, socket) !== undefined) {
    if (Date.now() > deadline) process.kill(pid, "SIGKILL");
    await sleep(20);
  }
}

/** The process that an earlier start noted, while it is the redis-server of this folder (needs /proc). */
function leftOverPid(folder: string, socket: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile(folder), "utf8"));
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(socket) ? pid : undefined;
  } catch {
    return undefined;
  }
}

const pidFile = (folder: string) => join(folder, "redis.pid");

async function waitUntilReady(socket: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  for (;;) {
    const redis = connect(socket);
    try {
      await redis.connect();
      await redis.ping();
      return;
    } catch (error) {
      // It may still be reading its file.
      if (hasEnded(child) || Date.now() > deadline) throw error;
      await sleep(50);
    } finally {
      redis.disconnect();
    }
  }
}

function connect(socket: string): Redis {
  const redis = new Redis({
    path: socket,
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  redis.on("error", () => undefined);
  return redis;
}
