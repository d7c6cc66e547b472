import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endWithUs } from "../../../../test/end-with-us.ts";

/** A server's program on the PATH, where `npm test` puts what it installs; undefined where it is not. */
export function serverProgram(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** An object store's server that runs on a folder. */
export interface StoreServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export const S3_BUCKET = "crashes";
export const S3_CREDENTIALS = { AWS_ACCESS_KEY_ID: "mayday", AWS_SECRET_ACCESS_KEY: "mayday-secret" };

/** The command of an S3 server (versitygw) whose buckets are the folders of `folder`; makes the first of them. */
export function s3ServerCommand(program: string, folder: string, port: number, host = "127.0.0.1"): string[] {
  mkdirSync(join(folder, S3_BUCKET), { recursive: true });
  const { AWS_ACCESS_KEY_ID: access, AWS_SECRET_ACCESS_KEY: secret } = S3_CREDENTIALS;
  return [
    program,
    ...["--port", `${host}:${port}`, "--access", access, "--secret", secret, "--quiet", "--keep-alive"],
    ...["posix", folder],
  ];
}

export function startS3Server(program: string, folder: string): Promise<StoreServer> {
  return start((port) => s3ServerCommand(program, folder, port));
}

/** The command of a GCS server (fake-gcs-server) whose buckets are the folders of `folder`; makes the first of them. */
export function gcsServerCommand(program: string, folder: string, port: number): string[] {
  mkdirSync(join(folder, S3_BUCKET), { recursive: true });
  return [
    program,
    ...["-scheme", "http", "-host", "127.0.0.1", "-port", String(port)],
    ...["-backend", "filesystem", "-filesystem-root", folder, "-log-level", "error"],
  ];
}

export function startGcsServer(program: string, folder: string): Promise<StoreServer> {
  return start((port) => gcsServerCommand(program, folder, port));
}

async function start(command: (port: number) => string[]): Promise<StoreServer> {
  const port = await freePort();
  const [program = "", ...args] = command(port);
  const child = endWithUs(spawn(program, args, { stdio: "ignore" }));
  const endpoint = `http://127.0.0.1:${port}`;
  await untilAnswers(endpoint, child);
  return {
    endpoint,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function untilAnswers(endpoint: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(endpoint).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) return;
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  child.kill("SIGKILL");
  throw new Error(`${child.spawnfile} does not answer`);
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
