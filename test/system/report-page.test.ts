import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crashIdIn, dataFolder, type Pipeline, processedCrash, startPipeline } from "./pipeline.ts";
import { demoAnnotations, demoDump, demoSymbols, postForm } from "./submit.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
const data = await dataFolder();
let pipeline: Pipeline;
let browser: Browser;
let crashId = "";

beforeAll(async () => {
  if (executablePath === undefined) return;
  pipeline = await startPipeline(data.path, { SYMBOL_SOURCES: demoSymbols });
  const { text } = await postForm(pipeline.collector, demoAnnotations(), {
    upload_file_minidump: demoDump(),
  });
  crashId = crashIdIn(text);
  await processedCrash(pipeline.webapp, crashId);
  browser = await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--no-first-run",
    ],
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await pipeline?.end("SIGTERM");
  await data.remove();
});

describe.skipIf(executablePath === undefined)("the pages in a real browser (needs Chromium)", () => {
  it("show the crash: signature, crashing thread with inlined calls, folded threads, modules", async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("requestfailed", (request) => complaints.push(request.url()));
    await page.goto(`${pipeline.webapp}/report/index/bp-${crashId}`);
    expect(page.url()).toBe(`${pipeline.webapp}/report/index/${crashId}`);
    const text = await page.locator("body").textContent();
    expect(text).toContain("teapot::Texture::index_of");
    expect(text).toContain("SIGSEGV / SEGV_MAPERR");
    expect(text).toContain("inlined");
    expect(text).toContain("libc.so.6");
    expect(await page.title()).toContain("teapot::Texture::index_of");
    const folded = page.locator("details", { hasText: "LightBaker" }).first();
    expect(await folded.getAttribute("open")).toBeNull();
    await folded.locator("> summary").click();
    expect(await folded.locator("table").first().isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("lead from the start page to the crash and back", async () => {
    const page = await browser.newPage();
    await page.goto(pipeline.webapp);
    await page.locator(`a[href="/report/index/${crashId}"]`).first().click();
    expect(page.url()).toBe(`${pipeline.webapp}/report/index/${crashId}`);
  });

  it("lead from the top crashers to a signature, its report, and from a form's line to a search", async () => {
    const page = await browser.newPage();
    await page.goto(`${pipeline.webapp}/topcrashers/?product=Teapot&version=any`);
    await page.locator(".top-crashers a", { hasText: "index_of" }).first().click();
    expect(page.url()).toContain("/signature/?signature=teapot%3A%3ATexture%3A%3Aindex_of");
    await page.locator(`a[href="/report/index/${crashId}"]`).click();
    expect(page.url()).toBe(`${pipeline.webapp}/report/index/${crashId}`);
    await page.goto(`${pipeline.webapp}/search/`);
    await page.getByLabel("Field of line 1").selectOption("signature");
    await page.getByLabel("Value of line 1").fill("index_of");
    await page.getByRole("button", { name: "Search" }).click();
    expect(page.url()).toContain("/search/?signature=%7Eindex_of");
    await page.locator(`a[href="/report/index/${crashId}"]`).first().waitFor();
    await page.getByRole("link", { name: "not Linux" }).click();
    await page.getByText("No crashes match.").waitFor();
    await page.goBack();
    await page.locator(`a[href="/report/index/${crashId}"]`).first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type(crashId);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${pipeline.webapp}/report/index/${crashId}`);
  });

  it("say so when there is no such crash", async () => {
    const page = await browser.newPage();
    const missing = await page.goto(`${pipeline.webapp}/report/index/00000000-0000-4000-8000-000000260101`);
    expect(missing?.status()).toBe(404);
    const bad = await page.goto(`${pipeline.webapp}/report/index/nonsense`);
    expect(bad?.status()).toBe(400);
  });
});
