import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../packages/storage/src/test-support/servers.ts";
import { openStage } from "../apart/stage.ts";
import { cpuOf } from "../bench/collector/cpu.ts";
import { Victim } from "../chaos/victim.ts";
import { dataFolder, startPipeline } from "../system/pipeline.ts";

/** What a day is sent to. */
export interface Target {
  readonly collector: string;
  readonly webapp: string;
  /** Where the indexer tells its metrics. */
  readonly indexer: string;
  /** Processor time that each part has used so far, with its children, ms. */
  cpu(): ReadonlyMap<string, number>;
  /** Memory of all processes at its highest, each at its own moment, MiB. */
  peakMb(): number;
  diskMb(): number;
  end(): Promise<void>;
}

const settings = {
  collector: { COLLECTOR_THROTTLE_RULES: "mozilla" },
  webapp: { WEBAPP_RATE_ANONYMOUS: "0" },
};

/** One process, as `npm start` brings it up. */
export async function wholeTarget(symbolSources: readonly string[]): Promise<Target> {
  const data = await dataFolder();
  const indexerPort = await freePort();
  const pipeline = await startPipeline(data.path, {
    ...settings.collector,
    ...settings.webapp,
    INDEXER_PORT: String(indexerPort),
    SYMBOL_SOURCES: symbolSources.join(),
  });
  return {
    collector: pipeline.collector,
    webapp: pipeline.webapp,
    indexer: `http://127.0.0.1:${indexerPort}`,
    cpu: () => new Map([["the pipeline and Redis", cpuOf(pipeline.pid)]]),
    peakMb: () => peakMbOf(pipeline.pid),
    diskMb: () => sizeOf(data.path) / 1e6,
    async end() {
      await pipeline.end("SIGTERM");
      await data.remove();
    },
  };
}

/** Each service as a process of its own, one of each, beside Redis, versitygw, OpenSearch and PostgreSQL. */
export async function apartTarget(symbolSources: readonly string[]): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-day-"));
  const stage = await openStage(folder, {
    store: "s3",
    redis: "alone",
    counts: { collector: 1, processor: 1, indexer: 1, webapp: 1 },
    settings: { ...settings, processor: { SYMBOL_SOURCES: symbolSources.join() } },
  });
  const victims = [
    ...stage.parts.map(({ victim }) => victim),
    // PostgreSQL's process is its own matter; a day hardly asks it.
    ...Object.values(stage.servers)
      .flatMap((server) => server.victims)
      .filter((victim) => victim instanceof Victim),
  ];
  return {
    collector: stage.urls("collector")[0]!,
    webapp: stage.urls("webapp")[0]!,
    indexer: stage.urls("indexer")[0]!,
    cpu: () => new Map(victims.map((victim) => [victim.name.replace(/ 1$/, ""), cpuOf(victim.pid!)])),
    peakMb: () => victims.reduce((sum, victim) => sum + peakMbOf(victim.pid!), 0),
    diskMb: () => sizeOf(folder) / 1e6,
    async end() {
      await stage.end();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function peakMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1]) / 1024);
}

function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) =>
        sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}
