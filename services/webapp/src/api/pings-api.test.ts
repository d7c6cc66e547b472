import { newCrashId, type ProcessedPing } from "@mayday/crash";
import type { Trend } from "@mayday/records";
import { pingDocument, searchDocument } from "@mayday/search";
import { compressedLines } from "@mayday/storage";
import { afterEach, describe, expect, it } from "vitest";
import { demoProcessed, demoRaw } from "../test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";

let open: OpenWebapp;
afterEach(() => open.close());

const crash = newCrashId("00000009-0000-4000-8000-000000000000", now, 0);
const document = "08200776-0fff-4c57-ad59-49038829dd82";
const hash = "ab".repeat(32);
const client = "0ce63332-d8c8-49f3-99cf-30d964f28d27";
const DAY_MS = 86_400_000;
const dayBefore = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);

async function withBoth(): Promise<void> {
  open = await openWebapp();
  await open.storage.saveReport(demoRaw(crash, now, []), new Map());
  const processed = { ...demoProcessed(crash, now), minidump_sha256_hash: hash };
  await open.storage.saveProcessed(crash, processed);
  await open.engine.add([searchDocument(processed)]);
  const ping: ProcessedPing = {
    document_id: document,
    signature: "brew | pour",
    product: "Firefox",
    minidump_sha256_hash: hash,
    glean_client_id: client,
    moz_crash_reason: "MOZ_CRASH(cold)",
    date_processed: `${dayBefore(1)}T10:00:00.000000+00:00`,
  };
  const batch = { day: dayBefore(1).replaceAll("-", ""), name: "one" };
  await open.pings.saveProcessedBytes(batch, compressedLines([Buffer.from(JSON.stringify(ping))]));
  // The raw ones are what a day's batches are listed by.
  await open.savePingBatch(batch, []);
  await open.engine.add([pingDocument(ping)]);
}

const get = async (url: string, token?: string) =>
  open.server.inject({ url, headers: token === undefined ? {} : { "auth-token": token } });

describe("a ping and the report of its dump", () => {
  it("name each other, by API and on their pages, and nobody is told of the client", async () => {
    await withBoth();
    const ping = await get(`/api/CrashPing/?document_id=${document}`);
    expect(ping.json()).toMatchObject({ signature: "brew | pour", reports: [crash] });
    expect(ping.body).not.toContain(client);
    expect((await get(`/api/CrashPings/?minidump_sha256_hash=${hash}`)).json()).toEqual({
      pings: [document],
    });
    expect((await get(`/report/index/${crash}`)).body).toContain(`/ping/${document}`);
    const page = await get(`/ping/${document}`);
    expect(page.body).toContain(`/report/index/${crash}`);
    expect(page.body).toContain("MOZ_CRASH(cold)");
    expect(page.body).not.toContain(client);
    const { text } = await open.records.tokens.create({ permissions: ["view_pii"], owner: "me" });
    expect((await get(`/api/CrashPing/?document_id=${document}`, text)).body).toContain(client);
    expect((await get(`/api/CrashPing/?document_id=${document.replace("0", "1")}`)).statusCode).toBe(404);
    expect((await get("/api/CrashPing/?document_id=x")).statusCode).toBe(400);
    expect((await get(`/ping/${document.replace("0", "1")}`)).statusCode).toBe(404);
  });

  it("are searched apart or together", async () => {
    await withBoth();
    const total = async (source: string) =>
      (await get(`/api/SuperSearch/?_results_number=0${source}`)).json().total;
    expect(await total("")).toBe(1);
    expect(await total("&source=ping")).toBe(1);
    expect(await total("&source=both")).toBe(2);
    expect((await get("/api/SuperSearch/?source=any")).statusCode).toBe(400);
  });
});

describe("rates", () => {
  const put = (usage: unknown, token: string) =>
    open.server.inject({
      method: "PUT",
      url: "/api/Usage/",
      headers: { "auth-token": token, "content-type": "application/json" },
      payload: JSON.stringify({ usage }),
    });

  it("are of the days whose use was told; the others are missing, and nothing is zero", async () => {
    await withBoth();
    const { text } = await open.records.tokens.create({ permissions: ["manage_usage"], owner: "me" });
    const { text: none } = await open.records.tokens.create({ permissions: [], owner: "me" });
    const url = "/api/Rates/?product=Firefox&source=ping&days=2";
    expect((await get(url)).json()).toMatchObject({
      hours: null,
      missingDays: [dayBefore(2), dayBefore(1)],
      signatures: [{ signature: "brew | pour", count: 1, rate: null }],
    });
    const row = { product: "Firefox", day: dayBefore(1), hours: 2000, users: 10 };
    expect((await put([row], none)).statusCode).toBe(403);
    expect((await put([{ ...row, hours: -1 }], text)).statusCode).toBe(400);
    expect((await put([row], text)).json()).toEqual({ told: 1 });
    const { hours, missingDays, signatures } = (await get(url)).json();
    expect({ hours, missingDays }).toEqual({ hours: 2000, missingDays: [dayBefore(2)] });
    expect(signatures[0].rate.rate).toBeCloseTo(0.5);
    expect(signatures[0].rate.low).toBeLessThan(0.5);
    expect(signatures[0].rate.high).toBeGreaterThan(0.5);
  });
});

describe("trends", () => {
  it("are told by product, source and signature", async () => {
    open = await openWebapp();
    const rising: Trend = {
      product: "Firefox",
      source: "ping",
      signature: "brew | pour",
      kind: "rising",
      day: dayBefore(1),
      count: 48,
      expected: 12,
      high: 26.5,
      days: 1,
    };
    const gone: Trend = { ...rising, source: "report", signature: "steep", kind: "gone", count: 0 };
    await open.records.trends.put([rising, gone]);
    const trends = async (query: string) => (await get(`/api/Trends/?${query}`)).json().trends;
    expect(await trends("product=Firefox")).toEqual([rising, gone]);
    expect(await trends("source=report")).toEqual([gone]);
    expect(await trends("signatures=steep&signatures=pour")).toEqual([gone]);
    expect(await trends("product=Kettle")).toEqual([]);
    expect((await get("/api/Trends/?source=rumour")).statusCode).toBe(400);
  });
});
