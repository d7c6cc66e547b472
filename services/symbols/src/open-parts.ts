import { join } from "node:path";
import type { Settings } from "@mayday/config";
import type { Logger, Metrics } from "@mayday/observability";
import type { JobPublisher, SymcacheJob } from "@mayday/queue";
import type { Records } from "@mayday/records";
import { type ObjectStore, storedMissing, usedSymbols } from "@mayday/storage";
import { createSymbolSupply, type DebugInfo, symbolSources } from "@mayday/symbols";
import { tokensFromSetting } from "./access/tokens-from-setting.ts";
import type { BehindBuilder } from "./behind/behind-builder.ts";
import { createMisses } from "./download/misses.ts";
import type { SymbolsParts } from "./parts.ts";
import { createSymbolProxy, PROXY_VIA, proxySource } from "./proxy/symbol-proxy.ts";
import type { symbolsSettings } from "./settings.ts";
import { keptSymcaches, sourcesOf, storagesOf } from "./sources.ts";
import { SupplyNotes } from "./symbolicate/module-finder.ts";
import type { SymbolShelf } from "./upload/symbol-shelf.ts";
import { listedUploads } from "./uploads/listed-uploads.ts";
import { storedPlans } from "./uploads/plans.ts";
import { storedUploads } from "./uploads/stored-uploads.ts";
import { textOfKey } from "./uploads/uploads.ts";

const MB = 1024 * 1024;

/** A member of an archive may be so many times as long as there; symbol files are some ten times. */
const MOST_RATIO = 200;

/** How long a client may send a file to the store itself, seconds. */
const SIGNED_S = 6 * 3600;

const list = (text: string) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

export interface OpenPartsOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Asked for the symcaches of what arrives; undefined where they are built by who needs them. */
  readonly publisher: JobPublisher<SymcacheJob> | undefined;
  /** Builds symcaches while texts answer; undefined where symcaches are built first. */
  readonly behind?: BehindBuilder;
  /** Where uploads are listed besides. */
  readonly lines?: Pick<Records["uploads"], "save">;
}

/** The parts of the service on a store of objects, as the settings say. */
export function openParts(
  settings: Settings<typeof symbolsSettings>,
  objects: ObjectStore,
  { log, metrics, publisher, behind, lines }: OpenPartsOptions,
): SymbolsParts {
  const storages = storagesOf(objects);
  const { regular, tried, fetched } = storages;
  const stored = storedUploads(objects);
  const uploads = lines === undefined ? stored : listedUploads(stored, lines, log);
  const missing = storedMissing(objects);
  const misses = createMisses(settings.SYMBOLS_MISSING_MS);
  const notes = new SupplyNotes();
  /** Who misses a job builds the symcache when it is needed. */
  const askForSymcache = async (job: SymcacheJob) =>
    publisher?.publish(job).catch((error) => {
      log.warn({ err: error, key: textOfKey(job) }, "could not ask for a symcache");
    });
  const shelf: SymbolShelf = {
    regular,
    tried,
    uploads,
    async onStored(key, isTry, uploadId) {
      await askForSymcache({ ...key, isTry, uploadId });
      missing.forget(key.debugFile, key.debugId);
      misses.delete(
        `${isTry ? "try" : "regular"}/${textOfKey({ ...key, debugId: key.debugId.toUpperCase() })}`,
      );
    },
  };
  const identify = ({ codeFile, codeId }: { codeFile: string; codeId: string }) =>
    uploads.symInfo(codeFile, codeId);
  const proxy = settings.SYMBOLS_PROXY
    ? createSymbolProxy({
        sources: symbolSources(settings.SYMBOL_SOURCES, { via: PROXY_VIA }),
        storage: fetched,
        uploads,
        misses,
        scratchFolder: join(settings.MAYDAY_DATA_DIR, "uploads"),
        maxBytes: settings.SYMBOLS_PROXY_FILE_MB * MB,
        atOnce: settings.SYMBOLS_PROXY_FETCHES,
        async onKept(key) {
          await askForSymcache({ ...key, isTry: false, isFetched: true });
          missing.forget(key.debugFile, key.debugId);
          misses.delete(`kept/${textOfKey(key)}`);
        },
        log,
        metrics,
      })
    : undefined;
  const supply = createSymbolSupply({
    sources: sourcesOf(settings, { ...storages, identify, ...(proxy && { proxy: proxySource(proxy) }) }),
    folder: keptSymcaches(settings),
    memoryBytes: (settings.SYMBOLS_MEMORY_MB * MB) / 2,
    blockBytes: (settings.SYMBOLS_MEMORY_MB * MB) / 2,
    missesLastMs: settings.SYMBOLS_MISSING_MS,
    now: Date.now,
    onEvent: notes.note,
    ...(behind && { buildBehind: (module) => builtBehind(behind, module, log) }),
  });
  return {
    shelf,
    plans: storedPlans(objects),
    tokens: tokensFromSetting(list(settings.SYMBOLS_TOKENS)),
    misses,
    missing,
    used: usedSymbols(objects),
    proxy,
    supply,
    sourceLinks: settings.SOURCE_LINKS,
    notes,
    limits: {
      request: { bytes: settings.SYMBOLS_REQUEST_SYMBOLS_MB * MB, ms: settings.SYMBOLS_REQUEST_TIMEOUT_MS },
      bodyBytes: settings.SYMBOLS_REQUEST_MB * MB,
    },
    rules: {
      scratchFolder: join(settings.MAYDAY_DATA_DIR, "uploads"),
      archive: {
        members: settings.SYMBOLS_UPLOAD_MEMBERS,
        bytes: settings.SYMBOLS_UPLOAD_TEXT_MB * MB,
        ratio: MOST_RATIO,
      },
      disallowed: list(settings.SYMBOLS_DISALLOWED_NAMES),
      fetch: {
        hosts: list(settings.SYMBOLS_UPLOAD_HOSTS),
        allowsPlain: settings.SYMBOLS_UPLOAD_PLAIN_HTTP,
        maxBytes: settings.SYMBOLS_UPLOAD_MB * MB,
      },
      bucket: settings.SYMBOL_STORE_BUCKET,
      publicUrl: settings.SYMBOLS_URL.replace(/\/+$/, ""),
      ...(settings.SYMBOLS_UPLOAD_DIRECT && {
        signedPut: async (key: string) => objects.signedPut?.(key, SIGNED_S),
      }),
    },
    objectsUrl: settings.SYMBOLS_OBJECTS_URL.replace(/\/+$/, ""),
    log,
    metrics,
  };
}

async function builtBehind(behind: BehindBuilder, module: DebugInfo, log: Logger): Promise<void> {
  try {
    await behind.build(module);
  } catch (error) {
    log.warn({ err: error, ...module }, "a symcache could not be built behind");
    throw error;
  }
}
