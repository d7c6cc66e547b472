import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, flags } from "./browser.ts";
import {
  crashIdIn,
  dataFolder,
  eventually,
  type Pipeline,
  processedCrash,
  startPipeline,
} from "./pipeline.ts";
import { demoAnnotations, demoDump, demoSymbols } from "./submit.ts";

const SAMPLE = 500;
/** Stands in everything of the hostile crash that is protected. */
const MARKER = "xprotectedmarkerx";
const HOSTILE = `"'><img src=x onerror=alert(1)><script>alert(2)</script>&amp; \u202eright to left\u2066 \ud800 ${"w".repeat(32_000)}`;

const data = await dataFolder();
let pipeline: Pipeline;
let browser: Browser;
let token = "";
let crashId = "";
let signature = "";

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  const environment = { SYMBOL_SOURCES: demoSymbols };
  pipeline = await startPipeline(data.path, environment, ["--sample", String(SAMPLE)]);
  token = /administrator's token, shown this once: (\S+)/.exec(pipeline.output)?.[1] ?? "";
  crashId = await submitHostile();
  signature = (await processedCrash(pipeline.webapp, crashId))["signature"];
  await saveHostile();
  browser = await chromium.launch({ executablePath: chromiumPath, args: flags });
  await eventually("all crashes are indexed", async () => {
    const month = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
    const query = `_results_number=0&_facets_size=0&date=>=${month}`;
    const answer = await fetch(`${pipeline.webapp}/api/SuperSearch/?${query}`);
    const { total } = (await answer.json()) as { total: number };
    return total > SAMPLE ? total : undefined;
  });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await pipeline?.end("SIGTERM");
  await data.remove();
});

/** A crash whose public texts are hostile and whose protected ones hold the marker. */
async function submitHostile(): Promise<string> {
  const form = new FormData();
  const extra = {
    ...demoAnnotations(),
    MozCrashReason: HOSTILE,
    AbortMessage: HOSTILE,
    Vendor: HOSTILE.slice(0, 300),
    ProductName: "Teapot<script>alert(3)</script>",
    Comments: `${MARKER} ${HOSTILE}`,
    URL: `https://${MARKER}.example/`,
    Email: `${MARKER}@example.com`,
    ExperimentalUserThing: MARKER,
    Breadcrumbs: JSON.stringify([{ timestamp: "1", category: MARKER, message: MARKER }]),
  };
  form.set("extra", new Blob([JSON.stringify(extra)], { type: "application/json" }), "extra.json");
  form.set("upload_file_minidump", new Blob([new Uint8Array(demoDump())]), "x.dmp");
  const answer = await fetch(`${pipeline.collector}/submit`, { method: "POST", body: form });
  return crashIdIn(await answer.text());
}

/** A search that everybody sees, of a hostile name, with a filter that nobody else may see. */
async function saveHostile(): Promise<void> {
  const cookies = new Map<string, string>();
  let csrf = "";
  const ask = async (path: string, fields?: Record<string, string>) => {
    const answer = await fetch(pipeline.webapp + path, {
      redirect: "manual",
      headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
      ...(fields && { method: "POST", body: new URLSearchParams({ ...fields, _csrf: csrf }) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    csrf = /name="_csrf" value="([^"]+)"/.exec(await answer.text())?.[1] ?? csrf;
    return answer.status;
  };
  await ask("/login/");
  await ask("/login/", { token });
  await ask("/search/");
  const query = `product=~Teapot&user_comments=~${MARKER}`;
  const name = [...HOSTILE].slice(0, 100).join("");
  expect(await ask("/search/saved/", { name, query, shared: "1" })).toBe(303);
}

/** An address of every page there is. */
const pages = (): Record<string, string> => ({
  home: "/",
  product: "/home/product/Teapot",
  "top crashers": "/topcrashers/?product=Teapot&days=28",
  signature: `/signature/?${new URLSearchParams({ signature, days: "28" })}`,
  "signature narrowed down": `/signature/?${new URLSearchParams({ signature, days: "14", version: HOSTILE.slice(0, 2000), platform: "!=Linux" })}`,
  "signature by build": `/signature/?${new URLSearchParams({ signature, days: "28", graph: "build", _facets: "version" })}`,
  correlations: `/signature/correlations/?${new URLSearchParams({ signature, days: "28" })}`,
  report: `/report/index/${crashId}`,
  search: "/search/?product=~Teapot&days=28",
  "saved searches": "/search/?product=~Kettle&days=28#save-as",
  facet: "/search/?days=28&_facets=signature",
  "a search that cannot be read": "/search/?date=x",
  symbols: "/symbols/",
  "symbols of a file": `/symbols/?${new URLSearchParams({ product: "=Teapot", file: HOSTILE.slice(0, 200) })}`,
  "a module": "/symbols/module/?module=spout.so%2F1.2%2F0A1B2C3D4",
  operations: "/ops/",
  trial: "/signatures/trial/",
  account: "/profile/",
  login: "/login/",
  tokens: "/api/tokens/",
  api: "/api/",
  documentation: "/documentation/",
  "search guide": "/documentation/supersearch/",
  "data dictionary": "/documentation/datadictionary/",
  "protected data": "/documentation/protected_data_access/",
  settings: "/documentation/config/",
  "no such page": "/nothing/",
  "no such crash": "/report/index/de1bb258-cbbf-4589-a673-340000261120",
});

/** The bytes of a page's scripts and styles, with what the scripts import. */
async function weightOf(path: string): Promise<number> {
  const textOf = async (address: string) => (await fetch(pipeline.webapp + address)).text();
  const rest = [path];
  const seen = new Map<string, number>();
  for (const address of rest) {
    const text = await textOf(address);
    if (address !== path) seen.set(address, text.length);
    const found = text.matchAll(/(?:src=|href=|from ?)"(\/static\/[^"]+)"/g);
    for (const [, other] of found) if (!rest.includes(other!)) rest.push(other!);
  }
  return [...seen.values()].reduce((sum, length) => sum + length, 0);
}

/** Notes what moves on a page without anybody having touched it: how much of the window, and what. */
const NOTE_SHIFTS = `
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    const moved = entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.textContent?.slice(0, 80));
    window.shifts.push({ value: entry.value, moved });
  }
}).observe({ type: "layout-shift", buffered: true });`;

/** Goes down a page until every part that comes later is there. */
async function readWhole(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  const height = Number(await page.evaluate("document.documentElement.scrollHeight"));
  for (let top = 0; top < height; top += 600) {
    await page.evaluate(`scrollTo(0, ${top})`);
    await page.waitForLoadState("networkidle");
  }
  await page.locator("[data-fragment] > .waits").waitFor({ state: "detached" });
}

async function loggedIn(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${pipeline.webapp}/login/`);
  await page.fill("#token", token);
  await page.getByRole("button", { name: "Log in with it" }).click();
  await page.waitForURL(`${pipeline.webapp}/`);
  return page;
}

/** The rules of axe that depend on the scheme. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe, which is on the page, finds there. */
async function problemsIn(page: Page, options: object): Promise<string[]> {
  const asked = JSON.stringify({ ...options, resultTypes: ["violations"] });
  return (await page.evaluate(
    `axe.run(document, ${asked}).then(({violations}) => violations.map(({id, nodes}) => id + " " + nodes.slice(0, 2).map(({html}) => html.slice(0, 160)).join(" / ")))`,
  )) as string[];
}

describe.skipIf(chromiumPath === undefined)("every page (needs Chromium)", () => {
  it("has nothing that axe finds, in either scheme", async () => {
    const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, bypassCSP: true });
    const page = await loggedIn(context);
    const found: string[] = [];
    for (const [name, path] of Object.entries(pages())) {
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(pipeline.webapp + path);
      await readWhole(page);
      await page.evaluate(axe.source);
      const light = await problemsIn(page, {});
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await problemsIn(page, { runOnly: OF_COLOURS });
      found.push(...light.map((problem) => `${name}: ${problem}`));
      found.push(...dark.map((problem) => `${name}, dark: ${problem}`));
    }
    await context.close();
    expect(found).toEqual([]);
  }, 180_000);

  it("shows hostile texts as text: nothing runs, nothing complains, no page is wider than its window", async () => {
    const problems: string[] = [];
    for (const width of [1300, 390, 320]) {
      const context = await browser.newContext({ viewport: { width, height: 900 } });
      const page = await loggedIn(context);
      page.on("dialog", (dialog) => {
        problems.push(`a script ran: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => {
        const isMissing = message.text().includes("status of 4");
        if (message.type() === "error" && !isMissing) problems.push(`${page.url()} ${message.text()}`);
      });
      for (const [name, path] of Object.entries(pages())) {
        await page.goto(pipeline.webapp + path);
        if (await page.evaluate("document.documentElement.scrollWidth > innerWidth"))
          problems.push(
            `${name} is wider than ${width}: ${await page.evaluate(`[...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest(".wide")).map((one) => one.outerHTML.slice(0, 90)).slice(0, 3).join(" / ")`)}`,
          );
        if ((await page.locator("main img, main script").count()) > 0)
          problems.push(`${name} has what is not ours`);
      }
      await context.close();
    }
    expect(problems).toEqual([]);
  }, 180_000);

  it.each([1300, 390])(
    "stands still while it loads, %i px wide",
    async (width) => {
      const context = await browser.newContext({ viewport: { width, height: 900 } });
      const page = await loggedIn(context);
      await page.addInitScript(NOTE_SHIFTS);
      const network = await context.newCDPSession(page);
      const problems: string[] = [];
      for (const [name, path] of Object.entries(pages())) {
        // What comes at once cannot move: a page with a wide table comes in pieces.
        const rate = name === "search" ? 30_000 : 3_000_000;
        const slow = { latency: 20, downloadThroughput: rate, uploadThroughput: rate };
        await network.send("Network.emulateNetworkConditions", { offline: false, ...slow });
        await page.goto(pipeline.webapp + path);
        await readWhole(page);
        const shifts = (await page.evaluate("window.shifts")) as { value: number; moved: string[] }[];
        const sum = shifts.reduce((all, { value }) => all + value, 0);
        if (sum >= 0.01) problems.push(`${name} moves by ${sum}: ${JSON.stringify(shifts).slice(0, 600)}`);
      }
      await context.close();
      expect(problems).toEqual([]);
    },
    180_000,
  );

  it("is whole without scripts, and light", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const problems: string[] = [];
    for (const [name, path] of Object.entries(pages())) {
      await page.goto(pipeline.webapp + path);
      const text = (await page.locator("main").textContent()) ?? "";
      if (text.trim().length < 20) problems.push(`${name} says nothing`);
      const bytes = await weightOf(path);
      if (bytes > 150_000 || bytes < 1000) problems.push(`${name} loads ${bytes} bytes`);
    }
    await page.goto(`${pipeline.webapp}/search/?days=28`);
    await page.selectOption("[aria-label='Field of line 3']", "product");
    await page.selectOption("[aria-label='Operator of line 3']", "~");
    await page.fill("[aria-label='Value of line 3']", "Kettle");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    expect(page.url()).toContain("product=%7EKettle");
    await context.close();
    expect(problems).toEqual([]);
  }, 120_000);

  it("shows no protected value to nobody, and shows it to who may see it", async () => {
    const leaks: string[] = [];
    const seen = new Set<string>();
    const rest = Object.values(pages());
    rest.push(
      `/search/?days=28&user_comments=~${MARKER.slice(0, 5)}`,
      "/search/?days=28&_columns=user_comments&_columns=url&_columns=email",
    );
    rest.push(
      "/signature/?signature=x&_facets=user_comments",
      "/ops/history/?span=day",
      `/api/RawCrash/?crash_id=${crashId}`,
      `/api/ProcessedCrash/?crash_id=${crashId}`,
    );
    while (rest.length > 0 && seen.size < 150) {
      const path = rest.shift()!;
      if (seen.has(path)) continue;
      seen.add(path);
      const answer = await fetch(pipeline.webapp + path);
      const text = await answer.text();
      if (text.toLowerCase().includes(MARKER)) leaks.push(path);
      const links = [...text.matchAll(/href="(\/[^"#]*)/g)].map(([, link]) =>
        link!
          .replaceAll("&amp;", "&")
          .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
      );
      rest.push(...links.filter((link) => !link.startsWith("/static/")));
    }
    expect(leaks).toEqual([]);
    expect(seen.size).toBeGreaterThan(100);
    const context = await browser.newContext();
    const page = await loggedIn(context);
    await page.goto(`${pipeline.webapp}/report/index/${crashId}`);
    expect(await page.locator("main").textContent()).toContain(MARKER);
    await context.close();
  }, 120_000);

  it("can be used by keyboard", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${pipeline.webapp}/topcrashers/?product=Teapot&days=28`);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    await page.keyboard.press("/");
    expect(await page.evaluate("document.activeElement.id")).toBe("quick");
    await page.locator("#quick").blur();
    await page.keyboard.press("?");
    expect(await page.locator("dialog#keys").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog#keys").isVisible()).toBe(false);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    expect(await page.evaluate("document.activeElement.getAttribute('href')")).toContain("/signature/");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/signature\//);
    // Whatever can be clicked can be reached with Tab.
    const unreachable = await page.evaluate(
      `[...document.querySelectorAll("main a, main button, main summary, main input, main select")].filter((one) => one.tabIndex < 0 && !one.hidden).length`,
    );
    expect(unreachable).toBe(0);
    await context.close();
  }, 60_000);
});
