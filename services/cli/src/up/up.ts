import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startCollector } from "@mayday/collector";
import { readSettings } from "@mayday/config";
import { MaydayError } from "@mayday/crash";
import { startIndexer } from "@mayday/indexer";
import { createLogger, type Logger, type RunningService, runUntilSignal } from "@mayday/observability";
import { startProcessor } from "@mayday/processor";
import { startScheduler } from "@mayday/scheduler";
import { startSymbols } from "@mayday/symbols-service";
import { startWebapp } from "@mayday/webapp";
import { crashText } from "./crash-text.ts";
import { lockDataDir } from "./data-lock.ts";
import { loadDemoSymbols, submitDemoCrash, waitForProcessed } from "./demo.ts";
import { startRedis } from "./redis-server.ts";
import { upSettings } from "./settings.ts";

/** In the order in which they start; they stop in the opposite one. */
const starters: readonly ((environment: NodeJS.ProcessEnv) => Promise<RunningService>)[] = [
  startSymbols,
  startIndexer,
  startProcessor,
  startCollector,
  startWebapp,
  startScheduler,
];

/** Brings the whole pipeline up in this process, on parts of its own, and stays until it is told to stop. */
export async function up(environment: NodeJS.ProcessEnv): Promise<void> {
  const settings = readSettings(upSettings, environment);
  const dataDir = resolve(settings.MAYDAY_DATA_DIR);
  const unlock = lockDataDir(dataDir);
  const logFile = settings.LOG_FILE || join(dataDir, "mayday.log");
  const log = createLogger({ service: "up", level: settings.LOG_LEVEL, file: logFile });
  const running: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of running.reverse()) await part.stop();
    unlock();
  };
  runUntilSignal({ stop }, log);
  stopWithParent();
  try {
    const redisUrl = settings.REDIS_URL || (await startOwnRedis(dataDir, log, running));
    const services = await startServices(
      { ...environment, MAYDAY_DATA_DIR: dataDir, REDIS_URL: redisUrl, LOG_FILE: logFile },
      running,
    );
    const url = (name: string) => services.find((service) => service.name === name)?.url ?? "";
    if (settings.MAYDAY_DEMO) await showDemo(dataDir, url("collector"), url("webapp"));
    console.log(`data ${dataDir}, log ${logFile}`);
    console.log(
      `mayday ready collector=${url("collector")} symbols=${url("symbols")} webapp=${url("webapp")}`,
    );
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startOwnRedis(
  dataDir: string,
  log: Logger,
  running: { stop(): Promise<void> }[],
): Promise<string> {
  const redis = await startRedis(dataDir, log);
  running.push(redis);
  return redis.url;
}

async function startServices(
  environment: NodeJS.ProcessEnv,
  running: { stop(): Promise<void> }[],
): Promise<RunningService[]> {
  const services: RunningService[] = [];
  for (const start of starters) {
    // The start page tells where to send reports.
    const collector = services.find(({ name }) => name === "collector")?.url;
    const known = collector === undefined ? {} : { WEBAPP_COLLECTOR_URL: collector };
    const service = await start({ ...known, ...environment }).catch((error) => {
      throw error.code === "EADDRINUSE" ? new MaydayError("PORT_IN_USE", String(error.port)) : error;
    });
    services.push(service);
    running.push(service);
  }
  return services;
}

/** On the first run submits the demo crash and shows what came of it; later shows that it is still there. */
async function showDemo(dataDir: string, collectorUrl: string, webappUrl: string): Promise<void> {
  const marker = join(dataDir, "demo-crash-id");
  const isFirst = !existsSync(marker);
  if (isFirst) {
    console.log("first run: loading the demo program's symbols and submitting its crash");
    await loadDemoSymbols(dataDir);
    writeFileSync(marker, await submitDemoCrash(collectorUrl));
  }
  const crashId = readFileSync(marker, "utf8") as Parameters<typeof waitForProcessed>[1];
  const processed = await waitForProcessed(webappUrl, crashId);
  if (isFirst) console.log(`\n${crashText(processed)}\n`);
  else console.log(`found the data of earlier runs; demo crash: ${processed["signature"]}`);
  console.log(`report     ${webappUrl}/report/index/${crashId}`);
}

/** Ends with whoever started it: a launcher that was killed must not leave a pipeline that nobody sees. */
function stopWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, 1000).unref();
}
