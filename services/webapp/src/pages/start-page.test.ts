import { describe, expect, it } from "vitest";
import { crashId } from "../test-support/demo-crash.ts";
import { escapesFrom, HOSTILE } from "../test-support/hostile.ts";
import { now } from "../test-support/open-webapp.ts";
import { signaturePage } from "./signature-page.ts";
import { startPage } from "./start-page.ts";
import { waitingPage } from "./waiting-page.ts";

const uuid = crashId(1, now);
const hit = { uuid, date: "2026-11-22T10:11:12.000000+00:00", signature: "a | b", product: "Teapot" };
const start = (view: Partial<Parameters<typeof startPage>[0]>) =>
  startPage({ crashes: undefined, queues: undefined, collectorUrl: "http://127.0.0.1:8000", ...view });

describe("the start page", () => {
  it("leads from a crash to its report, and from a signature to its crashes", () => {
    const html = start({
      crashes: { newest: [hit], topSignatures: [{ term: "a | b", count: 3 }], total: 4 },
    });
    expect(html).toContain(`<td class="date">2026-11-22 10:11:12</td>`);
    expect(html).toContain(`<a href="/report/index/${uuid}">a | b</a>`);
    expect(html).toContain(`<a href="/signature/?signature&#61;a+%7C+b">a | b</a>`);
    expect(html).toContain("75.0 %");
    expect(html).toContain(`<rect class="share" width="75.00"`);
  });

  it("tells how to submit a report when there is none", () => {
    const html = start({ crashes: { newest: [], topSignatures: [], total: 0 } });
    expect(html).toContain("upload_file_minidump=@crash.dmp http://127.0.0.1:8000/submit");
    expect(html).not.toContain("Top signatures");
  });

  it("shows older crashes when the week had none", () => {
    const html = start({ crashes: { newest: [hit], topSignatures: [], total: 0 } });
    expect(html).toContain(uuid);
    expect(html).toContain("No crashes in the last 7 days.");
  });

  it("counts what waits in the queues, and failures only where there are some", () => {
    const html = start({
      queues: { standard: { waiting: 1, delayed: 2, prioritized: 4, active: 8, failed: 16 }, priority: {} },
    });
    expect(html).toContain("7 waiting, 8 in work, <strong>16 failed</strong>");
    expect(html).toContain("<dt>priority</dt><dd>0 waiting, 0 in work</dd>");
  });

  it("says what does not answer and shows the rest", () => {
    const html = start({ crashes: { newest: [hit], topSignatures: [], total: 1 } });
    expect(html).toContain("The queues do not answer.");
    expect(html).toContain(uuid);
    expect(start({})).toContain("The search index does not answer.");
  });
});

describe("the signature page", () => {
  it("breaks the crashes down and leads to them", () => {
    const facets = { version: [{ term: "1.4.0", count: 2 }] };
    const result = { hits: [hit], total: 2, facets, errors: [] };
    const html = signaturePage({ signature: "a | b", days: 28, result });
    expect(html).toContain("2 crashes in the last 28 days, the newest 1 are shown");
    expect(html).toContain("100.0 %");
    expect(html).toContain(`<a href="/report/index/${uuid}">${uuid}</a>`);
  });
});

describe("the waiting page", () => {
  it("looks again by itself", () => {
    expect(waitingPage({ id: uuid, queued: true })).toContain(`<meta http-equiv="refresh" content="5">`);
  });

  it("says when the queue does not answer", () => {
    expect(waitingPage({ id: uuid, queued: false })).toContain("The queue does not answer");
  });
});

describe("hostile values on pages of many crashes", () => {
  it("stay text", () => {
    const hostile = {
      ...{ uuid, date: HOSTILE, signature: HOSTILE, product: HOSTILE, version: HOSTILE },
      ...{ platform: HOSTILE, reason: HOSTILE, process_type: HOSTILE },
    };
    const terms = [{ term: HOSTILE, count: 1 }];
    const crashes = { newest: [hostile], topSignatures: terms, total: 1 };
    const html = start({ crashes, queues: { [HOSTILE]: {} }, collectorUrl: HOSTILE });
    expect(escapesFrom(html)).toEqual([]);
    const facets = { version: terms, platform: terms, process_type: terms, reason: terms };
    const result = { hits: [hostile], total: 1, facets, errors: [] };
    expect(escapesFrom(signaturePage({ signature: HOSTILE, days: 28, result }))).toEqual([]);
  });
});
