import { newCrashId, type Permission } from "@mayday/crash";
import { searchDocument } from "@mayday/search";
import { afterEach, describe, expect, it } from "vitest";
import { demoProcessed } from "../test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";

let open: OpenWebapp;
afterEach(() => open.close());

const id = newCrashId("00000009-0000-4000-8000-000000000000", now, 0);
const other = newCrashId("0000000a-0000-4000-8000-000000000000", now, 0);

async function post(
  name: string,
  form: string,
  permissions: Permission[] = ["manage_jobs", "reprocess_crashes"],
) {
  const { text } = await open.records.tokens.create({ permissions, owner: "me" });
  return open.server.inject({
    method: "POST",
    url: `/api/${name}/`,
    headers: { "auth-token": text, "content-type": "application/x-www-form-urlencoded" },
    payload: form,
  });
}

async function get(url: string) {
  const { text } = await open.records.tokens.create({ permissions: ["manage_jobs"], owner: "me" });
  return open.server.inject({ url, headers: { "auth-token": text } });
}

describe("Jobs", () => {
  it("tells of queues, crashes that were set aside and bulk jobs whoever may manage jobs, nobody else", async () => {
    open = await openWebapp(["manage_jobs"]);
    const answer = (await open.server.inject("/api/Jobs/")).json();
    expect(answer.set_aside).toMatchObject([{ reason: "PROCESSING_FAILED: it fails", attempts: 5 }]);
    expect(answer.waiting).toMatchObject([{ attempts: 2 }]);
    expect(answer.bulk).toMatchObject([{ id: "b1", state: "running", total: 3, created: now.toISOString() }]);
    expect(answer.queues.standard.waiting).toBe(12);
    const { text } = await open.records.tokens.create({ permissions: ["view_pii"], owner: "me" });
    const refused = await open.server.inject({ url: "/api/Jobs/", headers: { "auth-token": text } });
    expect(refused.statusCode).toBe(403);
  });
});

describe("ChangeJobs", () => {
  it("retries and discards crashes that were set aside, some or all, and leaves a line", async () => {
    open = await openWebapp();
    expect((await post("ChangeJobs", `action=retry&crash_ids=${id}&crash_ids=${other}`)).json()).toEqual({
      count: 2,
    });
    expect((await post("ChangeJobs", "action=discard&all=true")).json()).toEqual({ count: 7 });
    expect(open.published).toEqual([
      ["retry", id, other],
      ["discard", "all"],
    ]);
    const lines = (await open.records.audit.list()).map(({ what, target }) => `${what} ${target}`);
    expect(lines.toSorted()).toEqual(["jobs discard all", `jobs retry ${id} ${other}`]);
  });

  it("never takes all where none are named", async () => {
    open = await openWebapp();
    for (const form of [
      "action=discard",
      `action=discard&all=true&crash_ids=${id}`,
      "action=retry&crash_ids=x",
    ])
      expect((await post("ChangeJobs", form)).statusCode).toBe(400);
    expect(open.published).toEqual([]);
  });

  it("starts, pauses, resumes, cancels and paces bulk jobs", async () => {
    open = await openWebapp();
    const states = [];
    for (const action of ["start", "pause", "resume", "cancel"])
      states.push((await post("ChangeJobs", `action=${action}&id=b1`)).json().state);
    expect(states).toEqual(["running", "paused", "running", "cancelled"]);
    expect((await post("ChangeJobs", "action=rate&id=b1&rate=5")).json()).toMatchObject({ rate: 5 });
    expect((await post("ChangeJobs", "action=rate&id=b1&rate=-5")).statusCode).toBe(400);
    expect((await post("ChangeJobs", "action=pause&id=b2")).statusCode).toBe(404);
    expect((await post("ChangeJobs", "action=explode&id=b1")).statusCode).toBe(400);
    expect((await post("ChangeJobs", "action=pause&id=b1", ["reprocess_crashes"])).statusCode).toBe(200);
    expect((await post("ChangeJobs", "action=retry&all=true", ["reprocess_crashes"])).statusCode).toBe(403);
    expect((await post("ChangeJobs", "action=pause&id=b1", ["view_pii"])).statusCode).toBe(403);
  });
});

describe("BulkReprocessing", () => {
  it("counts crashes by id, and begins when it is told to", async () => {
    open = await openWebapp();
    const counted = await post("BulkReprocessing", `crash_ids=${id}&crash_ids=bp-${other}`);
    expect(counted.json()).toMatchObject({ state: "counted", total: 2, what: "crashes by id" });
    const begun = await post("BulkReprocessing", `crash_ids=${id}&start=true&ruleset=regenerate_signature`);
    expect(begun.json()).toMatchObject({ state: "running", ruleset: "regenerate_signature" });
    expect(open.published[0]).toEqual(["create", "crashes by id", "default", id, other]);
  });

  it("finds crashes by a search and by a module that they missed", async () => {
    open = await openWebapp();
    const missing_symbols = "libc.so.6/None/2FB0B04480C9E128E8269805C17188E90";
    await open.engine.add([
      searchDocument({ ...demoProcessed(id, now), missing_symbols }),
      searchDocument(demoProcessed(other, now)),
    ]);
    const query = encodeURIComponent("?product=Teapot");
    expect((await post("BulkReprocessing", `query=${query}`)).json()).toMatchObject({ total: 2 });
    const module = encodeURIComponent("libc.so.6/2FB0B04480C9E128E8269805C17188E90");
    expect((await post("BulkReprocessing", `module=${module}`)).json()).toMatchObject({ total: 1 });
    expect(open.published.at(-1)).toEqual([
      "create",
      expect.stringContaining("missed libc.so.6"),
      "default",
      id,
    ]);
  });

  it("tells how far a job is", async () => {
    open = await openWebapp(["reprocess_crashes"]);
    expect((await open.server.inject("/api/BulkJob/?id=b1")).json()).toMatchObject({ total: 3, done: 2 });
    expect((await open.server.inject("/api/BulkJob/?id=b2")).statusCode).toBe(404);
  });

  it("refuses what makes no sense, and whoever may not", async () => {
    open = await openWebapp();
    for (const form of [
      "",
      "crash_ids=x",
      "module=x",
      "query=no_field%3D1",
      `crash_ids=${id}&query=a`,
      `crash_ids=${id}&rate=0`,
    ])
      expect((await post("BulkReprocessing", form)).statusCode, form).toBe(400);
    expect((await post("BulkReprocessing", `crash_ids=${id}`, ["manage_jobs"])).statusCode).toBe(403);
    expect(open.published).toEqual([]);
  });
});

describe("DeleteClient", () => {
  it("asks for the deletion of a client's data, and leaves a line that does not say whose", async () => {
    open = await openWebapp();
    const client = "11111111-2222-4333-8444-555555555555";
    expect((await post("DeleteClient", `client_id=${client}`)).json()).toEqual({ asked: true });
    const [asked] = await open.records.deletions.open(new Date("2100-01-01"));
    expect(asked).toMatchObject({ clientId: client, done: undefined });
    await open.records.deletions.note(asked!, { crashes: 2, pings: 1, isDone: true });
    const told = (await get(`/api/Deletions/?client_id=${client}`)).json();
    expect(told).toMatchObject({ hits: [{ who: asked!.who, crashes: 2, pings: 1 }], total: 1 });
    expect((await get("/api/Deletions/")).body).not.toContain(client);
    expect((await get("/api/Deletions/?client_id=all")).statusCode).toBe(400);
    const [line] = await open.records.audit.list();
    expect(line).toMatchObject({ what: "data deletion", target: "a client" });
    expect((await post("DeleteClient", "client_id=all")).statusCode).toBe(400);
    expect((await post("DeleteClient", `client_id=${client}`, ["view_pii"])).statusCode).toBe(403);
  });
});
