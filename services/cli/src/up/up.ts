import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { collectorSettings, startCollector } from "@mayday/collector";
import { checkSettings, readSettings } from "@mayday/config";
import { parseCrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { indexerSettings, startIndexer } from "@mayday/indexer";
import { createLogger, type Logger } from "@mayday/observability";
import { processorSettings, startProcessor } from "@mayday/processor";
import { schedulerSettings, startScheduler } from "@mayday/scheduler";
import { lockFolder, logOptions, type RunningService, runUntilSignal } from "@mayday/service";
import { startSymbols, symbolsSettings } from "@mayday/symbols-service";
import { startWebapp, webappSettings } from "@mayday/webapp";
import { noteAddresses } from "../addresses.ts";
import { firstToken } from "../records/first-token.ts";
import { recordsSettings } from "../records/settings.ts";
import { addSample } from "../sample/add-sample.ts";
import { crashText } from "./crash-text.ts";
import { askForProcessed, loadDemoSymbols, submitDemoCrash, waitForProcessed } from "./demo.ts";
import { type PrivateRedis, startRedis } from "./redis-server.ts";
import { sampleSettings, upSettings } from "./settings.ts";

/** In the order in which they start: the webapp wants to know where the collector listens. */
const starters: readonly ((environment: NodeJS.ProcessEnv) => Promise<RunningService>)[] = [
  startSymbols,
  startIndexer,
  startProcessor,
  startCollector,
  startWebapp,
  startScheduler,
];

/** What can be said to any of them is checked before the first one starts. */
const declarations = [
  upSettings,
  symbolsSettings,
  indexerSettings,
  processorSettings,
  collectorSettings,
  webappSettings,
  schedulerSettings,
];

/**
 * Brings the whole pipeline up in this process, on parts of its own, and stays until it is told to stop.
 * @param sample how many crashes of the sample to add
 */
export async function up(environment: NodeJS.ProcessEnv, sample?: number): Promise<void> {
  checkSettings(declarations, environment);
  const settings = readSettings(upSettings, environment);
  const dataDir = resolve(settings.MAYDAY_DATA_DIR);
  const unlock = await lockFolder(dataDir, "mayday.pid");
  const logFile = settings.LOG_FILE || join(dataDir, "mayday.log");
  const log = createLogger({ service: "up", ...logOptions(settings), file: logFile });
  const running: Running = { services: [] };
  const stop = stopper(running, unlock, log);
  runUntilSignal({ stop }, log);
  stopWithParent();
  try {
    const redisUrl = settings.REDIS_URL || (await startOwnRedis(dataDir, log, running));
    const forServices: NodeJS.ProcessEnv = {
      ...environment,
      MAYDAY_DATA_DIR: dataDir,
      REDIS_URL: redisUrl,
      LOG_FILE: logFile,
    };
    // What the file holds is in REDIS_URL now.
    delete forServices["REDIS_URL_FILE"];
    await startServices(forServices, running);
    const token = await firstToken(readSettings(recordsSettings, forServices));
    const url = (name: string) => running.services.find((service) => service.name === name)?.url ?? "";
    if (settings.MAYDAY_DEMO)
      await showDemo({ ...settings, MAYDAY_DATA_DIR: dataDir }, url("collector"), url("webapp"));
    if (sample !== undefined) await addSample(sample, readSettings(sampleSettings, forServices));
    if (token !== undefined) console.log(`administrator's token, shown this once: ${token}`);
    await noteAddresses(dataDir, {
      collector: url("collector"),
      symbols: url("symbols"),
      webapp: url("webapp"),
    });
    console.log(`data ${dataDir}, log ${logFile}`);
    console.log(
      `mayday ready collector=${url("collector")} symbols=${url("symbols")} webapp=${url("webapp")}`,
    );
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What was started and is to be stopped. */
interface Running {
  redis?: PrivateRedis;
  readonly services: RunningService[];
}

/** Stops all services at once, then Redis, which they need to the end. However often it is called, it does so once. */
function stopper(running: Running, unlock: () => void, log: Logger): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    const stops = running.services.map((service) =>
      service.stop().catch((error) => log.error({ err: error, service: service.name }, "could not stop")),
    );
    await Promise.all(stops);
    await running.redis?.stop();
    unlock();
  };
  return () => {
    stopping ??= stopAll();
    return stopping;
  };
}

async function startOwnRedis(dataDir: string, log: Logger, running: Running): Promise<string> {
  running.redis = await startRedis(dataDir, log);
  return running.redis.url;
}

async function startServices(environment: NodeJS.ProcessEnv, running: Running): Promise<void> {
  for (const start of starters) {
    // The start page tells where to send reports.
    const collector = running.services.find(({ name }) => name === "collector")?.url;
    const known = collector === undefined ? {} : { WEBAPP_COLLECTOR_URL: collector };
    const told = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
    const service = await start({ ...known, ...told }).catch((error) => {
      throw error.code === "EADDRINUSE" ? new MaydayError("PORT_IN_USE", String(error.port)) : error;
    });
    running.services.push(service);
  }
}

/** On the first run submits the demo crash and shows what came of it; later shows that it is still there. */
async function showDemo(
  settings: Parameters<typeof loadDemoSymbols>[0],
  collectorUrl: string,
  webappUrl: string,
): Promise<void> {
  const marker = join(settings.MAYDAY_DATA_DIR, "demo-crash-id");
  const known = existsSync(marker) ? parseCrashId(readFileSync(marker, "utf8")) : undefined;
  if (known !== undefined) {
    const processed = await askForProcessed(webappUrl, known);
    const signature = processed?.["signature"] ?? "not here any more";
    console.log(`found the data of earlier runs; demo crash: ${signature}`);
    if (processed !== undefined) console.log(`report     ${webappUrl}/report/index/${known}`);
    return;
  }
  console.log("first run: loading the demo program's symbols and submitting its crash");
  await loadDemoSymbols(settings);
  const crashId = await submitDemoCrash(collectorUrl);
  if (crashId === undefined) {
    console.log("the throttle rules (COLLECTOR_THROTTLE_RULES) do not take the demo crash");
    return;
  }
  writeFileSync(`${marker}.new`, crashId);
  renameSync(`${marker}.new`, marker);
  const processed = await waitForProcessed(webappUrl, crashId);
  if (processed === undefined) console.log("the demo crash is not processed yet; the log may tell why");
  else console.log(`\n${crashText(processed)}\n`);
  console.log(`report     ${webappUrl}/report/index/${crashId}`);
}

/** Ends with whoever started it: a launcher that was killed must not leave a pipeline that nobody sees. */
function stopWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, 1000).unref();
}
