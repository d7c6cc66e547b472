import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { chromiumPath, flags } from "./browser.ts";
import { dataFolder, eventually, type Pipeline, startPipeline } from "./pipeline.ts";

const SAMPLE = 600;
const data = await dataFolder();
let pipeline: Pipeline;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let token = "";
/** What the browser complained of: scripts that failed, and what the pages' policy kept from running. */
let complaints: string[] = [];

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  pipeline = await startPipeline(data.path, {}, ["--sample", String(SAMPLE)]);
  token = /administrator's token, shown this once: (\S+)/.exec(pipeline.output)?.[1] ?? "";
  browser = await chromium.launch({ executablePath: chromiumPath, args: flags });
  await eventually("the sample is indexed", async () => {
    const answer = await fetch(
      `${pipeline.webapp}/api/SuperSearch/?_results_number=0&_facets_size=0&date=>=${daysAgo(30)}`,
    );
    const { total } = (await answer.json()) as { total: number };
    return total >= SAMPLE ? total : undefined;
  });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await pipeline?.end("SIGTERM");
  await data.remove();
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
});
afterEach(() => context?.close());

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const open = (path: string) => page.goto(pipeline.webapp + path);

async function login(): Promise<void> {
  await open("/login/");
  await page.fill("#token", token);
  await page.getByRole("button", { name: "Log in with it" }).click();
  await page.waitForURL(`${pipeline.webapp}/`);
}

describe.skipIf(chromiumPath === undefined)("what people do on the pages (needs Chromium)", () => {
  it("builds a search by clicking, leaves a value out, and opens its address again", async () => {
    await open(`/search/?product=Teapot&date=>=${daysAgo(28)}`);
    const total = async () =>
      Number((await page.locator("h1 small").textContent())?.replaceAll(/\u202f/g, "").match(/^\d+/)?.[0]);
    const all = await total();
    await page.selectOption("[aria-label='Field of line 3']", "signature");
    await page.selectOption("[aria-label='Operator of line 3']", "~");
    await page.fill("[aria-label='Value of line 3']", "teapot");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    const some = await total();
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
    await page.locator("aside a[aria-label^='not Windows']").first().click();
    const fewer = await total();
    expect(fewer).toBeLessThan(some);
    expect(page.url()).toContain("platform=%21%3DWindows");
    const address = page.url();
    await open("/");
    await page.goto(address);
    expect(await total()).toBe(fewer);
    expect(complaints).toEqual([]);
  }, 60_000);

  it("tells of the sample's signatures when their first crash was, and of which build, as soon as they are there", async () => {
    const query = new URLSearchParams({ signatures: "OOM | small" });
    const answer = await fetch(`${pipeline.webapp}/api/SignatureFirstDate/?${query}`);
    const { hits } = (await answer.json()) as {
      hits: { first_date: string; first_build: number | string }[];
    };
    expect(hits[0]!.first_date.slice(0, 10) < daysAgo(20)).toBe(true);
    expect(String(hits[0]!.first_build).slice(0, 8) < daysAgo(70).replaceAll("-", "")).toBe(true);
  });

  it("saves a search under a name, opens it from the account, and deletes it", async () => {
    await login();
    await open("/search/?product=Kettle&days=28");
    await page.getByRole("link", { name: "Save as…" }).click();
    await page.getByLabel("Name of the search that is shown").fill("what Kettle does");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved as “what Kettle does”.").waitFor();
    await open("/profile/");
    await page.getByRole("link", { name: "what Kettle does" }).click();
    expect(page.url()).toContain("/search/?product=Kettle&days=28");
    await page.getByText("Saved searches").click();
    await page.getByRole("button", { name: "Delete what Kettle does" }).click();
    await page.getByText("The saved search is deleted.").waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);

  it("leads from the top crashers to a signature, to a report, and back", async () => {
    await open("/topcrashers/?product=Teapot&days=28");
    const first = page.locator("table.top-crashers a[href^='/signature/']").first();
    await first.click();
    expect(page.url()).toContain("/signature/?signature=");
    const signature = page.url();
    await page.locator("#reports a[href^='/report/index/']").first().click();
    expect(page.url()).toContain("/report/index/");
    expect(await page.locator("h1.signature").textContent()).not.toBe("");
    await page.goBack();
    expect(page.url()).toBe(signature);
    await page.goBack();
    expect(page.url()).toContain("/topcrashers/?product=Teapot");
    expect(complaints).toEqual([]);
  }, 60_000);

  it("processes all crashes of a search again, and shows how far it is to the end", async () => {
    await login();
    await open(`/search/?product=Kettle&days=28`);
    await page.getByRole("button", { name: /^Reprocess / }).click();
    await page.waitForURL(/\/ops\/bulk\/[0-9a-f-]+\/$/);
    expect(await page.locator("h1").textContent()).toContain("Processing again");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await page.fill("#rate", "500");
    await page.getByRole("button", { name: "Set" }).click();
    await page.getByRole("button", { name: "Resume" }).click();
    // The page looks again by itself.
    await page.getByText("Done.").waitFor({ timeout: 60_000 });
    expect(await page.locator(".progress").textContent()).toContain("100 %");
    await open("/ops/");
    expect(await page.locator("#bulk").textContent()).toContain("done");
    // Services tell their counts every few seconds.
    await vi.waitFor(
      async () => {
        await open("/ops/");
        expect(await page.locator("#flow").textContent()).toContain("95 of 100 within");
      },
      { timeout: 30_000, interval: 1000 },
    );
    expect(complaints).toEqual([]);
  }, 120_000);

  it("makes a token, which works until it is revoked", async () => {
    await login();
    await open("/api/tokens/");
    await page.fill("#note", "a script");
    await page.check("input[value=view_pii]");
    await page.getByRole("button", { name: "Make the token" }).click();
    const made = (await page.locator("#new-token").textContent()) ?? "";
    const ask = () =>
      fetch(`${pipeline.webapp}/api/SuperSearchUnredacted/?_results_number=1`, {
        headers: { "auth-token": made },
      }).then(({ status }) => status);
    expect(await ask()).toBe(200);
    await page.reload();
    await open("/api/tokens/");
    expect(await page.locator("body").textContent()).not.toContain(made);
    await page.locator("tr", { hasText: "a script" }).getByRole("button", { name: "Revoke" }).click();
    await page.getByText("revoked").first().waitFor();
    expect(await ask()).toBe(403);
    expect(complaints).toEqual([]);
  }, 60_000);
});
