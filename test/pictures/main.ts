import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { parseSuperSearch, searchDocument, termsOf } from "../../packages/search/src/index.ts";
import { builds } from "../../services/cli/src/sample/builds.ts";
import { firstSeen } from "../../services/cli/src/sample/load-sample.ts";
import { Random } from "../../services/cli/src/sample/random.ts";
import { builtOn, sampleCrash } from "../../services/cli/src/sample/sample-crash.ts";
import { now, openWebapp } from "../../services/webapp/src/test-support/open-webapp.ts";

/**
 * Pictures of every page with the sample's crashes: light and dark, 1,300 and 390 px wide.
 * `npm run pictures -- [--out FOLDER] [--sample N] [--only search,symbols]`
 */
const { values } = parseArgs({
  options: {
    out: { type: "string", default: "pictures" },
    sample: { type: "string", default: "8000" },
    only: { type: "string", default: "" },
  },
});
const out = resolve(values.out);
const count = Number(values.sample);
const AT_ONCE = 500;

const open = await openWebapp(["view_pii", "reprocess_crashes", "manage_jobs"]);
const random = new Random(1);
let shown: { id: string; signature: string } | undefined;
for (let done = 0; done < count; done += AT_ONCE) {
  const crashes = Array.from({ length: Math.min(AT_ONCE, count - done) }, () => sampleCrash(random, now));
  await open.engine.add(crashes.map(({ processed }) => searchDocument(processed)));
  await open.records.signatures.see(crashes.map(firstSeen));
  const telling = crashes.find(({ processed }) =>
    processed.signature?.startsWith("teapot::Texture::index_of"),
  );
  // Some are stored as well: the trial of signature lists reads them.
  if (done < 3 * AT_ONCE)
    for (const { id, raw, processed } of crashes) {
      await open.storage.saveReport(raw, new Map());
      await open.storage.saveProcessed(id, processed);
    }
  if (shown !== undefined || telling === undefined) continue;
  await open.storage.saveReport(telling.raw, new Map());
  await open.storage.saveProcessed(telling.id, telling.processed);
  shown = { id: telling.id, signature: telling.processed.signature ?? "" };
}
if (shown === undefined) throw new Error("the sample is too small");
const upload = { state: "completed", owner: "teapot-ci" };
const zip = { isTry: false, problems: 0 };
await open.records.uploads.save({
  ...upload,
  id: "1",
  created: new Date(now.getTime() - 4 * 3_600_000),
  detail: {
    ...zip,
    archive: "teapot-1.6.0b3-win64.zip",
    bytes: 2_913_000_000,
    files: 186,
    skipped: 2,
    problems: 1,
  },
});
await open.records.uploads.save({
  ...upload,
  id: "2",
  created: new Date(now.getTime() - 1_800_000),
  detail: {
    ...zip,
    archive: "teapot-1.6.0-win64.zip",
    bytes: 2_940_000_000,
    files: 188,
    skipped: 0,
    healing: {
      asked: 1911,
      healed: 1204,
      changed: 312,
      isOver: false,
      effect: {
        before: { frames: 21_300, named: 2210 },
        after: { frames: 24_080, named: 23_420 },
        changes: [
          {
            before: "teapot.dll | teapot.dll | BaseThreadInitThunk",
            after: "teapot::Texture::index_of | teapot::Surface::shade",
            crashes: 197,
          },
          { before: "teapot.dll@0x2c41a7e", after: "teapot::EventLoop::poll", crashes: 54 },
        ],
      },
    },
  },
});
await open.records.uploads.save({
  ...upload,
  id: "3",
  created: new Date(now.getTime() - 26 * 3_600_000),
  detail: {
    ...zip,
    archive: "teapot-1.5.0-win64.zip",
    bytes: 2_880_000_000,
    files: 180,
    skipped: 0,
    healing: { asked: 96, healed: 94, changed: 14, isOver: true },
  },
});
await open.records.releases.add(
  builds.map(({ product, channel, version, age }) => ({
    product,
    channel,
    version,
    buildId: builtOn(new Date(now.getTime() - age * 86_400_000)),
  })),
  "api",
);
await open.records.bugs.set("2001187", [shown.signature]);
const trend = { product: "Teapot", day: now.toISOString().slice(0, 10), expected: 12, high: 27, days: 1 };
await open.records.trends.put([
  { ...trend, source: "report", signature: shown.signature, kind: "rising", count: 48 },
  {
    ...trend,
    source: "ping",
    signature: "teapot::Spout::pour | teapot::Cup::fill",
    kind: "new",
    count: 9,
    days: 3,
  },
]);
const search = { query: "product=Teapot&signature=~teapot", isShared: true };
const ada = { ...search, owner: "ada", ownerName: "ada" };
await open.records.searches.save({ ...ada, name: "Teapot, all that is ours" });
await open.records.searches.save({ ...ada, name: "Out of memory this week", isShared: false });
const grace = { ...search, owner: "grace", ownerName: "grace@teapot.example" };
await open.records.searches.save({
  ...grace,
  name: "שורה מימין לשמאל: hangs at shutdown, without those of the GPU process",
});
const { text: token } = await open.records.tokens.create({ permissions: [], owner: "ada" });
const base = await open.server.listen({ port: 0, host: "127.0.0.1" });
const signature = new URLSearchParams({ signature: shown.signature, days: "14" });
const pages = {
  home: "/",
  "top-crashers": "/topcrashers/?product=Teapot&version=1.6.0",
  signature: `/signature/?${signature}`,
  "signature-filtered": `/signature/?${signature}&product=%3DTeapot&version=%21%3D1.6.1b1&platform=%3DWindows+NT`,
  correlations: `/signature/correlations/?${signature}`,
  report: `/report/index/${shown.id}`,
  search: "/search/?product=Teapot&signature=~teapot",
  "saved-searches": "/search/?product=Teapot#save-as",
  facet: "/search/?product=Teapot&_facets=signature",
  product: "/home/product/Teapot",
  symbols: "/symbols/",
  "symbols-filtered": "/symbols/?product=%3DTeapot&file=so",
  module: `/symbols/module/?${new URLSearchParams({ module: await mostMissed() })}`,
  operations: "/ops/",
  trial: "/signatures/trial/?search=product%3DTeapot&add.prefix_signature_re.txt=teapot%3A%3ATexture",
  account: "/profile/",
  login: "/login/",
  api: "/api/",
  documentation: "/documentation/",
  "search-guide": "/documentation/supersearch/",
  "protected-data": "/documentation/protected_data_access/",
} as const;

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1300, 390]) await takeAll(browser, colorScheme, width);
  }
} finally {
  await browser.close();
  await open.close();
}

/** The module whose symbols most crashes miss, as the index names it. */
async function mostMissed(): Promise<string> {
  const facets = [
    ["_facets", "missing_symbols"],
    ["_results_number", "0"],
  ] as const;
  const [most] = termsOf(await open.engine.search(parseSuperSearch(facets, { now })), "missing_symbols");
  return String(most?.term);
}

async function login(page: Page): Promise<void> {
  await page.goto(`${base}/login/`);
  await page.fill("#token", token);
  await page.getByRole("button", { name: "Log in with it" }).click();
  await page.waitForURL(`${base}/`);
}

/** Goes down the page, so that the parts are there that come when they are nearly seen. */
async function bringAll(page: Page): Promise<void> {
  await page.evaluate(
    "document.querySelectorAll('[data-fragment]').forEach((place) => place.scrollIntoView())",
  );
  await page.locator("[data-fragment] > .waits").waitFor({ state: "detached" });
  await page.evaluate("scrollTo(0, 0)");
}

async function takeAll(from: Browser, colorScheme: "light" | "dark", width: number): Promise<void> {
  const page = await from.newPage({ colorScheme, viewport: { width, height: 1000 } });
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  const only = values.only.split(",").filter((name) => name !== "");
  await login(page);
  for (const [name, path] of Object.entries(pages)) {
    if (only.length > 0 && !only.includes(name)) continue;
    await page.goto(base + path);
    if (name === "symbols") await page.getByText("Before and after").click();
    if (name === "documentation") await page.keyboard.press("?");
    await bringAll(page);
    const overflows = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
    if (overflows === true) problems.push(`${name} is wider than ${width} px`);
    const file = join(out, `${name}-${width}-${colorScheme}.png`);
    await page.screenshot({
      path: file,
      clip: { x: 0, y: 0, width, height: width === 390 ? 2400 : 1500 },
      fullPage: true,
    });
    console.log(file);
  }
  await page.close();
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
