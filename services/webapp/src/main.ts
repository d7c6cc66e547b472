import type { Settings } from "@mayday/config";
import { MaydayError } from "@mayday/errors";
import {
  connectRedisAtOnce,
  createBulkJobs,
  createCrashJobs,
  createPublisher,
  createQueueHistory,
  openExpiring,
  openTallies,
} from "@mayday/queue";
import { openRecords, SERVICE_WAITS_MS } from "@mayday/records/open";
import { openConfiguredEngine } from "@mayday/search/open";
import {
  beginService,
  closeServer,
  listen,
  measuredEngine,
  measuredStore,
  type RunningService,
  runService,
} from "@mayday/service";
import { siglistTexts, signatureMaker } from "@mayday/signature";
import { createCrashStorage, createPingStorage } from "@mayday/storage";
import { openCrashObjects } from "@mayday/storage/open";
import { openIdLogin } from "./auth/open-id.ts";
import { webappSettings } from "./settings.ts";
import { createWebapp } from "./webapp.ts";

export { webappSettings } from "./settings.ts";

/** How often is noted how the queues stand, ms. */
const NOTE_MS = 60_000;

/** Starts a webapp as the environment says. */
export async function startWebapp(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const { settings, log, metrics } = beginService("webapp", webappSettings, environment);
  const makeSignature = await signatureMaker(settings.SIGNATURE_LISTS, settings.SIGNATURE_SWITCHES);
  const objects = measuredStore(await openCrashObjects(settings, "page"), metrics);
  const storage = createCrashStorage(objects);
  const pings = createPingStorage(objects);
  const engine = measuredEngine(await openConfiguredEngine(settings), metrics);
  const onQueueError = (error: unknown) => log.warn({ err: error }, "queue");
  const publisher = createPublisher(settings.REDIS_URL, onQueueError);
  const bulk = createBulkJobs(settings.REDIS_URL, onQueueError);
  const crashJobs = createCrashJobs(settings.REDIS_URL, onQueueError);
  const counts = connectRedisAtOnce(settings.REDIS_URL);
  counts.on("error", (error) => log.warn({ err: error }, "rate limits"));
  const records = await openRecords(settings, {
    onError: (error) => log.warn({ err: error }, "records"),
    waitMs: SERVICE_WAITS_MS,
  });
  const sessions = openExpiring(settings.REDIS_URL, "session", (error) =>
    log.warn({ err: error }, "sessions"),
  );
  const computed = openExpiring(settings.REDIS_URL, "computed", (error) =>
    log.warn({ err: error }, "what was worked out"),
  );
  const history = createQueueHistory(settings.REDIS_URL, onQueueError);
  const tallies = openTallies(settings.REDIS_URL, onQueueError);
  const note = () => void history.note().catch((error) => log.warn({ err: error }, "queue history"));
  const noting = setInterval(note, NOTE_MS);
  note();
  const server = createWebapp({
    history,
    tallies,
    queues: history.queues,
    sessions,
    computed,
    siglists: await siglistTexts(settings.SIGNATURE_LISTS),
    links: {
      home: settings.WEBAPP_URL.replace(/\/+$/, ""),
      sources: settings.SOURCE_LINKS,
      bug: settings.WEBAPP_BUG_LINK,
      fileBug: settings.WEBAPP_FILE_BUG,
    },
    openId: openIdOf(settings),
    isSecure: settings.WEBAPP_URL.startsWith("https:"),
    storage,
    pings,
    engine,
    publisher,
    bulk,
    crashJobs,
    records,
    makeSignature,
    log,
    metrics,
    granted: { permissions: new Set(settings.WEBAPP_PERMISSIONS), hosts: settings.WEBAPP_HOSTS },
    collectorUrl: settings.WEBAPP_COLLECTOR_URL.replace(/\/+$/, ""),
    search: {
      parity: settings.SEARCH_PARITY,
      products: settings.WEBAPP_PRODUCTS.length === 0 ? undefined : new Set(settings.WEBAPP_PRODUCTS),
    },
    rateLimits: {
      anonymous: settings.WEBAPP_RATE_ANONYMOUS,
      token: settings.WEBAPP_RATE_TOKEN,
      addressHeader: settings.WEBAPP_ADDRESS_HEADER,
      redis: counts,
    },
    now: () => new Date(),
  });
  const url = await listen(server, settings.WEBAPP_PORT, settings.WEBAPP_HOST);
  log.info({ url }, "webapp listens");
  return {
    name: "webapp",
    url,
    async stop() {
      clearInterval(noting);
      await closeServer(server);
      counts.disconnect();
      const queues = [publisher, sessions, computed, bulk, crashJobs, history, tallies];
      await Promise.all([...queues.map((one) => one.close()), engine.close(), records.close()]);
      await metrics.close();
    },
  };
}

function openIdOf(settings: Settings<typeof webappSettings>) {
  if (settings.WEBAPP_OIDC_ISSUER === "") return undefined;
  if (settings.WEBAPP_URL === "")
    throw new MaydayError("LOGIN_UNAVAILABLE", "WEBAPP_OIDC_ISSUER needs WEBAPP_URL");
  return openIdLogin({
    issuer: settings.WEBAPP_OIDC_ISSUER,
    clientId: settings.WEBAPP_OIDC_CLIENT_ID,
    clientSecret: settings.WEBAPP_OIDC_CLIENT_SECRET,
    scope: settings.WEBAPP_OIDC_SCOPE,
    groupsClaim: settings.WEBAPP_OIDC_GROUPS,
    groups: settings.WEBAPP_GROUP_PERMISSIONS,
    redirectUri: `${settings.WEBAPP_URL.replace(/\/+$/, "")}/login/callback/`,
  });
}

if (import.meta.main) await runService("webapp", startWebapp);
