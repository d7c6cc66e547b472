import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { endWithUs } from "../../../../test/end-with-us.ts";

/** Where Debian puts its servers' programs. */
const DEBIAN = "/usr/lib/postgresql";
const START_MS = 30_000;

export interface PostgresServer {
  /** A new database on it. @returns its address */
  makeDatabase(): Promise<string>;
  dropDatabase(url: string): Promise<void>;
  /** Kills the server's process, waits for what it leaves to end, and starts it on what is on the disk. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** The folder of the newest installed server's programs; undefined where there is none. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(DEBIAN, version, "bin"))
    .find((bin) => existsSync(join(bin, "initdb")));
}

/** Starts a server of its own, in a folder and on a port of its own. It refuses to run as root, so that root lends it a user. */
export async function startPostgres(bin: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-postgres-"));
  const data = join(folder, "data");
  mkdirSync(data);
  const user = process.getuid?.() === 0 ? idsOf("postgres") : undefined;
  if (user !== undefined) for (const path of [folder, data]) chownSync(path, user.uid, user.gid);
  const init = spawnSync(join(bin, "initdb"), ["-D", data, "-U", "mayday", "-A", "trust", "-N"], {
    ...user,
    encoding: "utf8",
    cwd: folder,
  });
  if (init.status !== 0) throw new Error(`initdb: ${init.stderr}`);
  const port = await freePort();
  const options = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder];
  const start = () =>
    endWithUs(spawn(join(bin, "postgres"), options, { ...user, stdio: "ignore", cwd: folder }), "SIGQUIT");
  let server = start();
  const url = (database: string) => `postgres://mayday@127.0.0.1:${port}/${database}`;
  const ask = async (sql: string) => {
    const client = new Client({ connectionString: url("postgres") });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await answers(() => ask("select 1"));
  let count = 0;
  return {
    async makeDatabase() {
      const name = `records_${++count}`;
      await ask(`create database ${name}`);
      return url(name);
    },
    dropDatabase: (address) => ask(`drop database ${new URL(address).pathname.slice(1)}`),
    async crash() {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
      // Its children end by themselves; until then the data is theirs, and a new server says so and ends.
      for (;;) {
        server = start();
        const died = once(server, "exit").then(() => "died");
        if ((await Promise.race([died, answers(() => ask("select 1")).then(() => "answers")])) === "answers")
          return;
      }
    },
    async stop() {
      const ended = once(server, "exit");
      server.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idsOf(user: string): { uid: number; gid: number } {
  const idOf = (flag: string) => Number(spawnSync("id", [flag, user], { encoding: "utf8" }).stdout);
  return { uid: idOf("-u"), gid: idOf("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function answers(ask: () => Promise<void>): Promise<void> {
  for (const started = Date.now(); ; await sleep(50)) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() - started > START_MS) throw error;
    }
  }
}
