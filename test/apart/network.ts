import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { exitOnSignals } from "../end-with-us.ts";
import { ensurePeers } from "../peers.ts";

/** Addresses of the two hosts: the collector's, and that of Redis, the store and the rest. */
export const HOSTS = ["10.77.0.1", "10.77.0.2"] as const;
export const REDIS_PORT = 6379;
const DELAY_MS = 20;
const LOSS = 0.01;

/** What stands in the way of two hosts here; undefined when nothing does. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  if (!existsSync("/dev/net/tun")) return "there is no /dev/net/tun";
  for (const program of ["ip", "python3", "redis-server"])
    if (spawnSync(program, ["--version"]).error !== undefined) return `there is no ${program}`;
  if (!ensurePeers(["versitygw"])) return "there is no versitygw";
  return undefined;
}

/**
 * Two hosts as network namespaces with a bad link between them: the collector here, storage, Redis and all else there.
 * @returns whether nothing was lost and nothing is twice
 */
export async function runNetwork(folder: string, crashes: number, seed: number): Promise<boolean> {
  const reason = obstacle();
  if (reason !== undefined) {
    console.log(`not here: ${reason}`);
    return false;
  }
  const spaces = [`mayday-${process.pid}-here`, `mayday-${process.pid}-there`] as const;
  const made: string[] = [];
  let link: ChildProcess | undefined;
  let driver: ChildProcess | undefined;
  const abandon = () => {
    for (const child of [driver, link]) child?.kill("SIGTERM");
    for (const space of made) ip("netns", "delete", space);
  };
  exitOnSignals();
  process.once("exit", abandon);
  try {
    for (const space of spaces) {
      ip("netns", "add", space);
      made.push(space);
    }
    link = await openLink(spaces, seed);
    const program = join(import.meta.dirname, "network-here.ts");
    const args = [folder, String(crashes), String(seed), spaces[1], String(link.pid)];
    console.log(`  ${DELAY_MS} ms each way, ${LOSS * 100} % lost`);
    driver = spawn("ip", ["netns", "exec", spaces[0], process.execPath, program, ...args], {
      stdio: "inherit",
    });
    const [code] = await once(driver, "exit");
    return code === 0;
  } finally {
    process.removeListener("exit", abandon);
    if (link !== undefined && link.exitCode === null) {
      const ended = once(link, "exit");
      link.kill("SIGTERM");
      await ended;
    }
    for (const space of made) ip("netns", "delete", space);
  }
}

async function openLink(spaces: readonly [string, string], seed: number): Promise<ChildProcess> {
  const [[here, there], [hereAddress, thereAddress]] = [spaces, HOSTS];
  const values = [DELAY_MS, LOSS, seed, REDIS_PORT].map(String);
  const args = [join(import.meta.dirname, "link.py"), here, hereAddress, there, thereAddress, ...values];
  const link = spawn("python3", args, { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((ready, failed) => {
    link.stdout.on("data", (said: Buffer) => {
      if (said.toString().startsWith("ready")) ready();
      else process.stdout.write(`  the link: ${said}`);
    });
    link.once("exit", (code) => failed(new Error(`the link ended with code ${code}`)));
  });
  return link;
}

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync("ip", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr}`);
}
