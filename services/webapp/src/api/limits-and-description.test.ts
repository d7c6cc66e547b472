import { newCrashId, type Permission } from "@mayday/crash";
import { searchFields } from "@mayday/search";
import { afterEach, describe, expect, it } from "vitest";
import { demoProcessed } from "../test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";

let open: OpenWebapp;
afterEach(() => open.close());

const NO_OP = "/api/NoOp/?product=x";
const limits = { anonymous: 3, token: 5, addressHeader: "X-Real-Ip", redis: undefined };
const statuses = async (count: number, headers: Record<string, string>, url = NO_OP) => {
  const found: number[] = [];
  for (let i = 0; i < count; i++) found.push((await open.server.inject({ url, headers })).statusCode);
  return found;
};
const tokenOf = async (...permissions: Permission[]) =>
  (await open.records.tokens.create({ permissions, owner: "me" })).text;

describe("the rate limit", () => {
  it("is one for each address and a larger one for each token", async () => {
    open = await openWebapp([], undefined, limits);
    expect(await statuses(5, { "x-real-ip": "192.0.2.1" })).toEqual([200, 200, 200, 429, 429]);
    expect(await statuses(1, { "x-real-ip": "192.0.2.2" })).toEqual([200]);
    const token = await tokenOf();
    expect(await statuses(6, { "auth-token": token, "x-real-ip": "192.0.2.1" })).toEqual([
      200, 200, 200, 200, 200, 429,
    ]);
  });

  it("counts guessed tokens for their address", async () => {
    open = await openWebapp([], undefined, limits);
    const tried: number[] = [];
    for (let i = 0; i < 5; i++) tried.push(...(await statuses(1, { "auth-token": `guess${i}` })));
    expect(tried).toEqual([403, 403, 403, 429, 429]);
  });

  it("says so as Crash Stats does, and when to come again", async () => {
    open = await openWebapp([], undefined, limits);
    await statuses(3, {});
    const refused = await open.server.inject({ url: NO_OP });
    expect([refused.statusCode, refused.body]).toEqual([429, "Too Many Requests"]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    const payload = JSON.stringify({ jobs: [] });
    const asJson = await open.server.inject({ method: "POST", url: "/api/CrashSignature/", payload });
    expect([asJson.statusCode, Object.keys(asJson.json())]).toEqual([429, ["error"]]);
  });

  it("does not count what a browser asks before it asks, nor pages", async () => {
    open = await openWebapp([], undefined, limits);
    for (let i = 0; i < 5; i++) {
      const { statusCode } = await open.server.inject({ method: "OPTIONS", url: NO_OP });
      expect(statusCode).toBe(200);
    }
    expect(await statuses(5, {}, "/search/")).toEqual([200, 200, 200, 200, 200]);
    expect(await statuses(1, {})).toEqual([200]);
  });
});

describe("answers", () => {
  it("may be kept for five minutes when they are searches, and not when they are reports or refusals", async () => {
    open = await openWebapp();
    const kept = async (url: string) => (await open.server.inject({ url })).headers["cache-control"];
    expect(await kept("/api/SuperSearch/")).toBe("private, max-age=300");
    expect(await kept("/api/SuperSearch/?_columns=nope")).toBe("private, no-cache");
    const id = newCrashId("00000009-0000-4000-8000-000000000000", now, 0);
    await open.storage.saveProcessed(id, demoProcessed(id, now));
    expect(await kept(`/api/ProcessedCrash/?crash_id=${id}`)).toBe("private, no-cache");
  });

  it("are another's for another token", async () => {
    open = await openWebapp();
    expect((await open.server.inject({ url: NO_OP })).headers["vary"]).toContain("Auth-Token");
  });
});

describe("MissingProcessedCrash", () => {
  it("lists reports whose processing failed in pages of a thousand, and says which are processed by now", async () => {
    open = await openWebapp();
    const ids = Array.from({ length: 1001 }, (_, i) =>
      newCrashId(`${String(i).padStart(8, "0")}-0000-4000-8000-000000000000`, now, 0),
    );
    for (const [i, crashId] of ids.entries()) {
      const when = new Date(now.getTime() - i);
      open.unprocessed.push({
        crashId,
        ruleset: "default",
        queue: "standard",
        reason: "x",
        attempts: 5,
        when,
      });
    }
    await open.storage.saveProcessed(ids[0]!, demoProcessed(ids[0]!, now));
    const page = async (query: string) =>
      (await open.server.inject({ url: `/api/MissingProcessedCrash/${query}` })).json();
    const first = await page("");
    expect(first).toMatchObject({ count: 1001, next: "/api/MissingProcessedCrash/?page=2", previous: null });
    expect(first.results).toHaveLength(1000);
    expect(first.results.slice(0, 2)).toEqual([
      { crash_id: ids[0], is_processed: true, created: now.toISOString() },
      { crash_id: ids[1], is_processed: false, created: new Date(now.getTime() - 1).toISOString() },
    ]);
    expect((await page("?page=2")).results.map((one: { crash_id: string }) => one.crash_id)).toEqual([
      ids[1000],
    ]);
    expect(await page("?page=0")).toEqual({ errors: { page: ["Enter a whole number."] } });
  });
});

describe("the description", () => {
  it("names every endpoint, and every field as a parameter of searches", async () => {
    open = await openWebapp();
    const described = (await open.server.inject({ url: "/api/openapi.json" })).json();
    expect(described.openapi).toBe("3.1.0");
    const page = (await open.server.inject({ url: "/api/" })).body;
    for (const path of Object.keys(described.paths)) expect(page).toContain(path);
    const { parameters } = described.paths["/api/SuperSearch/"].get;
    const names = parameters.map(({ name }: { name: string }) => name);
    for (const { name } of searchFields) expect(names).toContain(name);
  });

  it("requires what the endpoints require, no more and no less", async () => {
    open = await openWebapp(["manage_jobs", "reprocess_crashes"]);
    const described = (await open.server.inject({ url: "/api/openapi.json" })).json();
    type Operation = { parameters: { name: string; required: boolean }[] };
    const paths = Object.entries(described.paths) as [string, { get?: Operation }][];
    let required = 0;
    for (const [path, { get }] of paths) {
      if (get === undefined || path.endsWith("Unredacted/")) continue;
      const answer = await open.server.inject({ url: path, headers: { host: "crashes.example" } });
      const first = get.parameters.find((one) => one.required);
      if (first === undefined) expect([200, 400], path).toContain(answer.statusCode);
      else expect(answer.json(), path).toEqual({ errors: { [first.name]: ["This field is required."] } });
      required += first === undefined ? 0 : 1;
    }
    expect(required).toBeGreaterThan(5);
  });
});
