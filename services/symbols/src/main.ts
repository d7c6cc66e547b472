import {
  consumeHealings,
  consumeMissingSymbols,
  consumeSymcaches,
  createArrivalsPublisher,
  createSymcachePublisher,
  type MissingSymbolsJob,
  runSchedules,
  type Schedule,
} from "@mayday/queue";
import { openRecords, SERVICE_WAITS_MS } from "@mayday/records/open";
import {
  beginService,
  closeServer,
  listen,
  measuredQueue,
  measuredStore,
  type RunningService,
  runService,
} from "@mayday/service";
import type { MissingModules } from "@mayday/storage";
import { openSymbolObjects } from "@mayday/storage/open";
import { firstThatKnows, tokensFromRecords } from "./access/tokens-from-records.ts";
import { behindThread } from "./behind/behind-builder.ts";
import { openParts } from "./open-parts.ts";
import { symbolsSettings } from "./settings.ts";
import { createSymbolsService } from "./symbols-service.ts";
import { handleSymcache } from "./symcaches/handle-symcache.ts";
import { builderThreads } from "./symcaches/symcache-builder.ts";
import { clearAbandoned } from "./upload/form.ts";
import { takeIncoming } from "./upload/take-incoming.ts";
import { noteHealing } from "./uploads/note-healing.ts";

export { symbolsSettings } from "./settings.ts";
export { type Rebuilt, rebuildSymcaches } from "./symcaches/rebuild.ts";

/** How long a stop waits for symcaches that are being built, ms; the queue delivers the others again. */
const CLOSE_LIMIT_MS = 3000;

/** How often it is looked for files that were sent to the store itself, ms. */
const INCOMING_EVERY_MS = 2000;
const DAY_MS = 24 * 3600 * 1000;
/** Files of a plan may come for so long, ms. */
const PLANS_LAST_MS = 7 * DAY_MS;

/** How often it is saved what symbols are missing and in use, ms. */
const FLUSH_MS = 30_000;

/** Starts a symbols service as the environment says. */
export async function startSymbols(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics } = beginService("symbols", symbolsSettings, environment);
  const { REDIS_URL: redisUrl, SYMBOLS_BUILDERS: builders } = settings;
  const onError = (error: unknown) => log.warn({ err: error }, "queue");
  const publisher = builders === 0 ? undefined : createSymcachePublisher(redisUrl, onError);
  const objects = measuredStore(await openSymbolObjects(settings), metrics);
  const records = await openRecords(settings, { onError, waitMs: SERVICE_WAITS_MS });
  const behind = behindThread(settings);
  const opened = openParts(settings, objects, { log, metrics, publisher, behind, lines: records.uploads });
  const parts = { ...opened, tokens: firstThatKnows(opened.tokens, tokensFromRecords(records)) };
  await clearAbandoned(parts.rules.scratchFolder);
  const { uploads } = parts.shelf;
  const builder = builderThreads(Math.max(1, builders), settings);
  const arrivals = createArrivalsPublisher(redisUrl, onError);
  const handling = { builder, uploads, arrivals: { arrived: arrivals.publish }, log };
  const consumer =
    builders === 0
      ? undefined
      : consumeSymcaches((job, attempt) => handleSymcache(job, attempt, handling), {
          redisUrl,
          concurrency: builders,
          onError,
          ...measuredQueue(metrics),
        });
  const { missing } = parts;
  const walks =
    builders === 0
      ? undefined
      : consumeMissingSymbols(async (job) => noteWalk(missing, job), { redisUrl, concurrency: 1, onError });
  const healings =
    builders === 0
      ? undefined
      : consumeHealings((job) => noteHealing(uploads, job), { redisUrl, concurrency: 1, onError });
  const incoming = {
    ...parts,
    objects,
    scratchFolder: parts.rules.scratchFolder,
    maxBytes: parts.rules.fetch.maxBytes,
  };
  const schedules: Schedule[] = [
    {
      name: "incoming",
      everyMs: INCOMING_EVERY_MS,
      atStart: true,
      run: ({ signal }) => takeIncoming(incoming, signal),
    },
    { name: "plans", everyMs: DAY_MS, run: () => parts.plans.forget(Date.now() - PLANS_LAST_MS) },
  ];
  const scheduled =
    builders === 0 || !settings.SYMBOLS_UPLOAD_DIRECT
      ? undefined
      : runSchedules(schedules, { redisUrl, onError });
  const flush = () => Promise.all([missing.flush(), parts.used.flush()]).catch(onError);
  const flushing = setInterval(flush, FLUSH_MS);
  const server = createSymbolsService(parts);
  const url = await listen(server, settings.SYMBOLS_PORT, settings.SYMBOLS_HOST);
  log.info({ url }, "symbols service listens");
  const stop = async () => {
    await closeServer(server);
    clearInterval(flushing);
    await Promise.all([consumer, walks, healings, scheduled].map((one) => one?.close(CLOSE_LIMIT_MS)));
    await flush();
    await builder.close();
    await behind.close();
    await publisher?.close();
    await arrivals.close();
    await records.close();
    await metrics.close();
  };
  return { name: "symbols", url, stop };
}

function noteWalk(missing: MissingModules, { product, modules }: MissingSymbolsJob): void {
  for (const module of modules) missing.note({ module, by: "walk", product });
}

if (import.meta.main) await runService("symbols", startSymbols);
