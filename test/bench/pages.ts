import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "../../packages/storage/src/test-support/servers.ts";
import { redisVictim } from "../chaos/stage.ts";
import { Victim } from "../chaos/victim.ts";
import type { NamedOptions } from "../run-named.ts";
import { repository } from "../system/pipeline.ts";
import { cpuOf } from "./collector/cpu.ts";
import { type BenchData, benchData } from "./pages/data.ts";
import { assetsOf, fragmentsIn, type Loaded, load } from "./pages/loads.ts";
import { products, signatureOf, versions } from "./search/crashes.ts";

const REQUESTS = 30;
const WARM_UPS = 3;
/** Parts of a page that are measured: of a report's threads the first. */
const MOST_PARTS = 2;
/** Scripts and styles of a page, as they come through the wire. */
const MOST_ASSET_BYTES = 150_000;

/** A page as people open it, and within what time 95 of 100 are to be answered, ms. */
interface MeasuredPage {
  readonly name: string;
  /** The address of a request, by its number. */
  readonly path: (request: number) => string;
  readonly most?: number;
}

/**
 * Times of the pages over an index of generated crashes, by HTTP, one client, warm, against their bounds: what the server
 * takes, with what pages load by themselves; and the bytes of a page, its scripts and its styles.
 * `--crashes 20000` is a try of a minute; `--data DIR` is filled once and used again.
 * @returns whether all keep their bounds
 */
export async function pages({ crashes = "1000000", data }: NamedOptions): Promise<boolean> {
  const scratch = mkdtempSync(join(tmpdir(), "mayday-bench-pages-"));
  const redis = redisVictim(scratch, await freePort());
  let webapp: Victim | undefined;
  try {
    const filled = await benchData(
      data === undefined ? join(scratch, "data") : resolve(data),
      Number(crashes),
    );
    await redis.victim.start();
    const started = await startWebapp(filled.folder, scratch, redis.url);
    webapp = started.victim;
    let isFine = true;
    for (const page of pagesOf(filled)) isFine = (await measure(started, page)) && isFine;
    return isFine;
  } finally {
    await webapp?.end("SIGTERM");
    await redis.victim.end("SIGTERM");
    rmSync(scratch, { recursive: true, maxRetries: 3 });
  }
}

async function startWebapp(folder: string, scratch: string, redis: string): Promise<Measured> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const victim = new Victim({
    name: "webapp",
    command: [process.execPath, join(repository, "services/webapp/src/main.ts")],
    environment: {
      MAYDAY_DATA_DIR: folder,
      REDIS_URL: redis,
      WEBAPP_PORT: String(port),
      LOG_FILE: join(scratch, "webapp-lines.log"),
      LOG_LEVEL: "warn",
    },
    output: join(scratch, "webapp.log"),
    isReady: async () => (await fetch(`${url}/__heartbeat__`)).ok,
  });
  await victim.start();
  return { victim, url };
}

const query = (path: string, parameters: Readonly<Record<string, string>>): string =>
  `${path}?${new URLSearchParams(parameters)}`;

function pagesOf({ stored, big }: BenchData): MeasuredPage[] {
  const product = (request: number) => products[request % products.length] as string;
  const version = (request: number) => versions[request % versions.length] as string;
  const signature = (kind: number, days: string) =>
    query("/signature/", { signature: signatureOf(kind), days });
  const of = (ids: readonly string[]) => (request: number) =>
    `/report/index/${ids[request % ids.length] as string}`;
  return [
    { name: "home", path: () => "/", most: 1000 },
    { name: "product home", path: (n) => `/home/product/${product(n)}`, most: 1000 },
    {
      name: "top crashers, 7 days",
      path: (n) => query("/topcrashers/", { product: product(n), version: version(n), days: "7" }),
      most: 1000,
    },
    {
      name: "search",
      path: (n) => query("/search/", { product: product(n), version: version(n) }),
      most: 1000,
    },
    {
      name: "search, facet, 28 days",
      path: (n) => query("/search/", { product: product(n), _facets: "signature", days: "28" }),
      most: 1000,
    },
    {
      name: "search, a function on the stack, 28 days",
      path: (n) => query("/search/", { stack_function: `=mod::fn_${1000 + n}::run`, days: "28" }),
      most: 1000,
    },
    { name: "signature, common", path: (n) => signature(n % 4, n % 2 === 0 ? "7" : "28"), most: 1000 },
    { name: "signature, rare", path: (n) => signature(9000 + n * 100, "28"), most: 1000 },
    { name: "report", path: of(stored.filter((id) => !big.includes(id))), most: 150 },
    { name: "report of 200 threads", path: of(big), most: 150 },
    { name: "symbols", path: () => "/symbols/", most: 1000 },
    { name: "operations", path: (n) => `/ops/?span=${["hour", "day", "weeks"][n % 3]}` },
  ];
}

/** The webapp under measurement. */
interface Measured {
  readonly victim: Victim;
  readonly url: string;
}

/** Prints what a page takes and the parts that it loads by itself; whether they keep the bounds. */
async function measure(
  { victim, url: base }: Measured,
  { name, path, most }: MeasuredPage,
): Promise<boolean> {
  const first = await load(base, path(0));
  const assets = await assetsOf(base, first.text);
  const pages = await times(victim, (request) => load(base, path(request)));
  const isFine = tell(name, pages, most);
  const isLight = assets.served <= MOST_ASSET_BYTES;
  console.log(
    `      scripts and styles ${inKb(assets.served)} served, ${inKb(assets.raw)} raw${isLight ? "" : ": too much"}`,
  );
  let areFine = true;
  for (const [part, called] of fragmentsIn(first.text).entries()) {
    const addresses: string[] = [];
    for (let request = 0; request < WARM_UPS + REQUESTS; request++)
      addresses.push(...fragmentsIn((await load(base, path(request))).text).slice(part, part + 1));
    const loads = await times(victim, async (request) => {
      const address = addresses[request];
      return address === undefined ? undefined : load(base, address);
    });
    areFine = tell(`  ${called.replace(/[?].*|[0-9a-f]{8}-[0-9a-f-]*/g, "…")}`, loads, most) && areFine;
    if (part + 1 === MOST_PARTS) break;
  }
  return isFine && isLight && areFine;
}

interface Times {
  readonly loads: readonly Loaded[];
  /** The server's processor time of a request, ms: other work on the machine hardly changes it. */
  readonly cpuMs: number;
}

/** Asks until it is warm, and then as often as is measured. */
async function times(server: Victim, ask: (request: number) => Promise<Loaded | undefined>): Promise<Times> {
  for (let request = 0; request < WARM_UPS; request++) await ask(request);
  const loads: Loaded[] = [];
  const before = cpuOf(server.pid ?? 0);
  for (let request = 0; request < REQUESTS; request++) {
    const one = await ask(WARM_UPS + request);
    if (one !== undefined) loads.push(one);
  }
  return { loads, cpuMs: (cpuOf(server.pid ?? 0) - before) / REQUESTS };
}

function tell(name: string, { loads, cpuMs }: Times, most = Number.POSITIVE_INFINITY): boolean {
  if (loads.length === 0) return true;
  const sorted = loads.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
  const largest = (of: (one: Loaded) => number) => inKb(Math.max(...loads.map(of)));
  const isFine = at(0.95) <= most;
  const bound = Number.isFinite(most) ? `  bound ${most}${isFine ? "" : ": NOT KEPT"}` : "";
  console.log(
    `    ${name.padEnd(42)} p50 ${inMs(at(0.5))}  p95 ${inMs(at(0.95))}${bound}  processor ${inMs(cpuMs)}  up to ${largest((one) => one.servedBytes)} served, ${largest((one) => one.rawBytes)} raw`,
  );
  return isFine;
}

const inMs = (time: number): string => `${time.toFixed(0).padStart(5)} ms`;
const inKb = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
