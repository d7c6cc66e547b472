import type { Trend } from "@mayday/records";
import { describe, expect, it } from "vitest";
import type { ProductGlance } from "../data/home.ts";
import { crashId } from "../test-support/demo-crash.ts";
import { escapesFrom, HOSTILE } from "../test-support/hostile.ts";
import { now } from "../test-support/open-webapp.ts";
import { textOfPage } from "../test-support/text-of-page.ts";
import { shareChange } from "../view/share-change.ts";
import { noLinks } from "./page-links.ts";
import { signaturePage } from "./signature-page.ts";
import { startPage } from "./start-page.ts";
import { waitingPage } from "./waiting-page.ts";

const uuid = crashId(1, now);
const hit = { uuid, date: "2026-11-22T10:11:12.000000+00:00", signature: "a | b", product: "Teapot" };
const start = (view: Partial<Parameters<typeof startPage>[0]>) =>
  startPage({
    crashes: undefined,
    queues: undefined,
    collectorUrl: "http://127.0.0.1:8000",
    today: now,
    ...view,
  });

const rising = (text: string): Trend => ({
  ...{ product: text, source: "ping", signature: text, kind: "rising", day: text },
  ...{ count: 48, expected: 12, high: 26.5, days: 1 },
});

/** A product with one version that has text everywhere. */
const glance = (text: string): ProductGlance => ({
  product: text,
  week: 1234,
  versions: [
    {
      version: text,
      channel: text,
      week: 3,
      perDay: [0, 1, 2],
      top: [
        { signature: `${text} | b | c`, count: 3, change: shareChange(3, 10, 0, 10) },
        { signature: text, count: 2, change: undefined },
      ],
      before: text,
      since: new Date(now.getTime() - 6 * 86_400_000),
    },
  ],
  trends: [rising(text)],
});

describe("the start page", () => {
  it("tells of each version how it does, and leads to what crashed", () => {
    const html = start({ crashes: { newest: [hit], products: [glance("Teapot")] } });
    expect(html).toContain(`<td class="date">2026-11-22 10:11:12</td>`);
    expect(html).toContain(`<a href="/report/index/${uuid}">a | b</a>`);
    expect(html).toContain("1\u202f234 crashes in 7 days");
    expect(html).toContain("/topcrashers/?product&#61;Teapot&#38;version&#61;Teapot");
    expect(html).toContain(`<span class="badge new">new</span>`);
    expect(html).toContain("+ 1 frame<");
    expect(html).toContain("48 pings on Teapot, where 12 were usual and 27 possible by chance");
  });

  it("tells how to submit a report when there is none", () => {
    const html = start({ crashes: { newest: [], products: [] } });
    expect(html).toContain("upload_file_minidump=@crash.dmp http://127.0.0.1:8000/submit");
    expect(html).not.toContain("Is the new release worse?");
  });

  it("counts what waits in the queues, and failures only where there are some", () => {
    const html = start({
      queues: { standard: { waiting: 1, delayed: 2, prioritized: 4, active: 8, failed: 16 }, priority: {} },
    });
    expect(html).toContain("7 waiting, 8 in work, <strong>16 failed</strong>");
    expect(html).toContain("<dt>priority</dt><dd>0 waiting, 0 in work</dd>");
  });

  it("says what does not answer and shows the rest", () => {
    const html = start({ crashes: { newest: [hit], products: [] } });
    expect(html).toContain("The queues do not answer.");
    expect(html).toContain(uuid);
    expect(start({})).toContain("The search index does not answer.");
  });
});

/** A signature's page with text everywhere. */
const signature = (text: string): string => {
  const share = { term: text, count: 2, here: 1, all: 0.4, standsOut: true, surely: 0.4 };
  const shares = [share];
  const names = [
    "platform_pretty_version",
    "version",
    "process_type",
    "cpu_arch",
    "reason",
    "adapter_vendor_id",
  ] as const;
  return signaturePage({
    query: {
      signature: text,
      days: 28,
      filters: [["version", text]],
      aggregation: text,
      mayReadComments: true,
      source: "report",
    },
    steps: "",
    choices: { product: [text], version: [text], platform: [text], process_type: [text] },
    graph: "build",
    links: noLinks,
    crashes: {
      total: 2,
      allTotal: 5,
      product: "Teapot",
      installs: 1,
      perDay: [1, 1],
      breakdowns: {
        ...(Object.fromEntries(names.map((name) => [name, shares])) as Record<
          (typeof names)[number],
          typeof shares
        >),
        uptime: shares,
      },
      stacks: [{ stack: `${text} | ${text}`, count: 2 }],
      stackCount: 1,
      aggregation: [{ term: text, count: 2 }],
      hits: [{ ...hit, uuid, signature: text, reason: text, address: text, product: text, version: text }],
      byBuild: [{ term: text, count: 2 }],
      byVersion: [],
      comments: [{ uuid, date: text, user_comments: text, version: text, useragent_locale: text }],
      commentCount: 1,
      firstSeen: { signature: text, firstBuild: text, firstDate: text },
      bugs: [text],
      trends: [rising(text), { ...rising(text), product: `${text} 2`, kind: "gone", count: 0 }],
      rise: { ratio: 2, low: 1.5, high: 3, says: "more" },
    },
    both: {
      ping: { count: 3, weighted: 3, rate: { rate: 0.5, low: 0.1, high: 1.25 }, perDay: [1, 2] },
      report: { count: 2, weighted: 20, rate: undefined, perDay: [1, 1] },
      stacks: [{ stack: text, pings: 3, reports: 1 }],
      use: { span: ["2026-11-21"], known: new Set(["2026-11-21"]), hours: 6000, missingDays: [] },
    },
    fields: [text],
    today: now,
    starts: [{ version: text, at: now }],
    parameters: [["signature", text]],
  });
};

describe("the signature page", () => {
  it("breaks the crashes down beside all others and leads to them", () => {
    const html = textOfPage(signature("a | b"));
    expect(html).toContain("reports received");
    expect(html).toMatch(/a | b 2:\s+gone\s+no pings on a | b, where 12 were usual/);
    expect(html).toContain("40.0 %");
    expect(html).toContain("2.0 crashes each");
    expect(signature("a | b")).toContain(`<a href="/report/index/${uuid}">${uuid}</a>`);
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
    const crashes = { newest: [hostile], products: [glance(HOSTILE)] };
    const html = start({ crashes, queues: { [HOSTILE]: {} }, collectorUrl: HOSTILE });
    expect(escapesFrom(html)).toEqual([]);
    expect(escapesFrom(signature(HOSTILE))).toEqual([]);
  });
});
