import { newCrashId, type ProcessedPing } from "@mayday/crash";
import { pingDocument, searchDocument } from "@mayday/search";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { demoProcessed } from "../test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";
import { textOfPage } from "../test-support/text-of-page.ts";

const DAY_MS = 86_400_000;
const STACK = "brew | kettle::pour";

let open: OpenWebapp;
beforeEach(async () => {
  open = await openWebapp();
});
afterEach(() => open.close());

const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);
const dayBefore = (days: number) => ago(days).toISOString().slice(0, 10);
const text = async (url: string) => textOfPage((await open.server.inject({ url })).body);
/** The page with its addresses as they are meant. */
const body = async (url: string) =>
  (await open.server.inject({ url })).body.replaceAll("&#61;", "=").replaceAll(/&(#38|amp);/g, "&");

let number = 0;
async function reports(signature: string, many: number, more: Record<string, unknown> = {}): Promise<void> {
  const crashes = Array.from({ length: many }, () => {
    number++;
    const id = newCrashId(`${number.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`, ago(1), 0);
    return searchDocument(demoProcessed(id, ago(1), { signature, proto_signature: STACK, ...more }));
  });
  await open.engine.add(crashes);
}

async function pings(signature: string, many: number): Promise<void> {
  const made = Array.from({ length: many }, () => {
    number++;
    const ping: ProcessedPing = {
      document_id: `${number.toString(16).padStart(8, "0")}-1111-4000-8000-000000000000`,
      signature,
      product: "Teapot",
      version: "1.4.0",
      proto_signature: STACK,
      date_processed: `${dayBefore(1)}T10:00:00.000000+00:00`,
    };
    return pingDocument(ping);
  });
  await open.engine.add(made);
}

const used = (hours: number, days: number[]) =>
  open.records.usage.put(
    days.map((day) => ({
      product: "Teapot",
      version: "1.4.0",
      channel: "release",
      platform: "Linux",
      day: dayBefore(day),
      hours,
      users: 10,
    })),
  );

describe("rates on the pages", () => {
  const list = "/topcrashers/?product=Teapot&version=1.4.0&days=3";

  it("are said to be unknown where nobody told of the use", async () => {
    await reports("pour", 4);
    expect(await text(list)).toContain("Rates are unknown");
    expect(await body(list)).not.toMatch(/per 1,000 h<\/th><td[^>]*>0</);
  });

  it("stand beside counts in top crashers, of pings where those are asked for, with the days that are missing", async () => {
    await reports("pour", 4);
    await pings("brew", 6);
    await used(2000, [1, 2]);
    const ofReports = (await text(list)).replaceAll("\u202f", " ");
    expect(ofReports).toContain("4 000 hours in 2 of 3 full days.");
    expect(ofReports).toContain(`Without ${dayBefore(3)}`);
    const ofPings = await body(`${list}&source=ping`);
    expect(ofPings).toContain("<b>1.5</b>");
    expect(ofPings).not.toContain("signature=pour");
    const both = await body(`${list}&source=both`);
    expect(both).toContain("signature=pour");
    expect(both).toContain("signature=brew");
    expect(both).toContain("Rates are of pings alone");
  });

  it("order the list, reports by how many crashes they stand for", async () => {
    await reports("often kept", 5);
    await reports("rarely kept", 3, { collector_metadata: { throttle_percent: 10 } });
    await used(1000, [1, 2, 3]);
    const byCount = await body(list);
    expect(byCount.indexOf("often kept")).toBeLessThan(byCount.indexOf("rarely kept"));
    const byRate = await body(`${list}&order=rate`);
    expect(byRate.indexOf("rarely kept")).toBeLessThan(byRate.indexOf("often kept"));
    expect(byRate).toContain("of 30");
  });

  it("stand side by side on a signature's page, with a way from a ping's stack to the reports that have it", async () => {
    await reports("pour", 2);
    await reports("pour", 1, { proto_signature: "another" });
    await pings("pour", 8);
    await used(2000, [1, 2]);
    const page = await body("/signature/?signature=pour&product=Teapot&version=1.4.0&days=3");
    const section = /<section id="both">.*?<\/section>/s.exec(page)?.[0] ?? "";
    expect(section).toContain("<b>2</b>");
    expect(section).toContain("<b>0.75</b>");
    expect(section).toContain("2 of the same stack");
    const link = /href="(\/search\/[^"]*)">2 of/.exec(section)?.[1] ?? "";
    expect(await text(link)).toContain("Search 2 crashes");
    const not = await text("/signature/?signature=pour&product=Teapot&version=!=1.3&days=3");
    expect(not).toContain("choose one");
  });

  it("stand beside what the scheduler found of trends, of the source that is shown", async () => {
    await reports("pour", 4);
    const numbers = { day: dayBefore(1), count: 48, expected: 12, high: 26, days: 1 };
    await open.records.trends.put([
      { product: "Teapot", source: "report", signature: "pour", kind: "rising", ...numbers },
    ]);
    const said = `48 reports on ${dayBefore(1)}, where 12 were usual and 26 possible by chance`;
    expect(await text(list)).toContain(said);
    await pings("pour", 4);
    expect(await text(`${list}&source=ping`)).not.toContain(said);
  });

  it("of pings lead to pings", async () => {
    await pings("pour", 2);
    const found = await body("/search/?source=ping&signature==pour");
    expect(found).toMatch(/href="\/ping\/[0-9a-f]{8}-1111-/);
    expect(found).not.toContain("/report/index/ping-");
    expect(await body("/signature/?signature=pour&source=ping")).toMatch(/href="\/ping\/[0-9a-f]{8}-1111-/);
  });
});
