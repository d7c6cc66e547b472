import { join, resolve } from "node:path";
import { collectorSettings } from "@mayday/collector";
import { ConfigError, checkSettings, readSettings, type Settings, withoutPassword } from "@mayday/config";
import { indexerSettings } from "@mayday/indexer";
import { processorSettings } from "@mayday/processor";
import type { Records } from "@mayday/records";
import { schedulerSettings } from "@mayday/scheduler";
import type { SearchEngine } from "@mayday/search";
import type { ObjectStore } from "@mayday/storage";
import { symbolsSettings } from "@mayday/symbols-service";
import { webappSettings } from "@mayday/webapp";
import { upSettings } from "../up/settings.ts";
import { checkFolder, checkOpenFiles, checkPort, checkProgram, checkSymbolSource } from "./check-machine.ts";
import { checkRecords, checkRedis, checkSearch, checkStore } from "./check-parts.ts";
import { type Finding, findingLine, right, wrong } from "./finding.ts";

/** How the parts are opened; adapters are named in main.ts. */
export interface CheckOpeners {
  readonly openCrashes: (settings: Settings<typeof webappSettings>) => Promise<ObjectStore>;
  readonly openSymbols: (settings: Settings<typeof symbolsSettings>) => Promise<ObjectStore>;
  readonly openEngine: (settings: Settings<typeof webappSettings>) => Promise<SearchEngine>;
  readonly openRecords: (settings: Settings<typeof webappSettings>) => Promise<Records>;
}

const declarations = [
  upSettings,
  collectorSettings,
  processorSettings,
  symbolsSettings,
  indexerSettings,
  webappSettings,
  schedulerSettings,
];

/** Asks all that the services need, and prints a line each; exit 1 when something is wrong. */
export async function check(options: { readonly json?: true }, openers: CheckOpeners): Promise<void> {
  const findings = await findingsOf(process.env, openers);
  if (options.json) console.log(JSON.stringify(findings, null, 2));
  else for (const finding of findings) console.log(findingLine(finding));
  if (findings.some(({ state }) => state === "wrong")) process.exitCode = 1;
}

async function findingsOf(environment: NodeJS.ProcessEnv, openers: CheckOpeners): Promise<Finding[]> {
  const settings = settingsFindings(environment);
  // What is to be asked stands in the settings.
  if (settings.some(({ state }) => state === "wrong")) return settings;
  const up = readSettings(upSettings, environment);
  const dataDir = resolve(up.MAYDAY_DATA_DIR);
  const collector = readSettings(collectorSettings, environment);
  const webapp = readSettings(webappSettings, environment);
  const symbols = readSettings(symbolsSettings, environment);
  const crashes = storeName(webapp.CRASH_STORE, join(dataDir, "crashes"), webapp.CRASH_STORE_BUCKET);
  const stored = storeName(symbols.SYMBOL_STORE, join(dataDir, "symbols"), symbols.SYMBOL_STORE_BUCKET);
  const engine =
    webapp.SEARCH_ENGINE === "opensearch"
      ? `OpenSearch, ${withoutPassword(webapp.SEARCH_URL)}`
      : join(dataDir, "search.duckdb");
  const journal = collector.COLLECTOR_JOURNAL_DIR || join(dataDir, "journal");
  return [
    ...settings,
    checkFolder("data folder", dataDir, processorNeedsMb(environment)),
    checkFolder("journal", journal, collector.COLLECTOR_JOURNAL_MAX_MB),
    up.REDIS_URL === ""
      ? checkProgram("redis-server", "`npm start` runs one of its own; or set REDIS_URL", false)
      : await checkRedis(up.REDIS_URL, withoutPassword(up.REDIS_URL)),
    await checkStore("crash store", "CRASH_STORE", crashes, () => openers.openCrashes(webapp)),
    await checkStore("symbol store", "SYMBOL_STORE", stored, () => openers.openSymbols(symbols)),
    await checkSearch(engine, () => openers.openEngine(webapp)),
    await checkRecords(withoutPassword(webapp.DATABASE_URL) || join(dataDir, "records.sqlite"), () =>
      openers.openRecords(webapp),
    ),
    ...(await Promise.all(symbols.SYMBOL_SOURCES.map(checkSymbolSource))),
    await checkPort("collector", "COLLECTOR_PORT", up.COLLECTOR_PORT),
    await checkPort("symbols service", "SYMBOLS_PORT", up.SYMBOLS_PORT),
    await checkPort("webapp", "WEBAPP_PORT", up.WEBAPP_PORT),
    checkProgram("dump_syms", "`mayday symbols upload` of programs needs it; .sym files do not", true),
    checkOpenFiles(),
  ];
}

function settingsFindings(environment: NodeJS.ProcessEnv): Finding[] {
  try {
    checkSettings(declarations, environment);
    return [right("settings", "each is one, and has a value that can be used")];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => wrong("settings", problem, "docs/config.md has all settings"));
  }
}

/** Symcaches grow up to their limit. */
const processorNeedsMb = (environment: NodeJS.ProcessEnv): number =>
  readSettings(processorSettings, environment).PROCESSOR_SYMCACHE_MAX_MB;

const storeName = (kind: "fs" | "s3" | "gcs", folder: string, bucket: string): string =>
  kind === "fs" ? folder : `${kind === "s3" ? "S3" : "GCS"} bucket ${bucket}`;
