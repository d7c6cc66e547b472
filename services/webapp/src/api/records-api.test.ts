import { type CrashId, newCrashId, type Permission } from "@mayday/crash";
import { searchDocument } from "@mayday/search";
import { afterEach, describe, expect, it } from "vitest";
import { demoProcessed, demoRaw } from "../test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";

let open: OpenWebapp;
afterEach(() => open.close());

const id = newCrashId("00000009-0000-4000-8000-000000000000", now, 0);
const get = (url: string, token?: string) =>
  open.server.inject({ url, headers: token === undefined ? {} : { "auth-token": token } });

async function withCrash(crash: CrashId = id): Promise<void> {
  await open.storage.saveReport(demoRaw(crash, now, []), new Map());
  const processed = demoProcessed(crash, now);
  await open.storage.saveProcessed(crash, processed);
  await open.engine.add([searchDocument(processed)]);
}

const tokenOf = async (...permissions: Permission[]) =>
  (await open.records.tokens.create({ permissions, owner: "me" })).text;

describe("a token", () => {
  it("gives what it says and no more, wherever the request comes from, and leaves a line for each look", async () => {
    open = await openWebapp();
    await withCrash();
    const token = await tokenOf("view_pii");
    const url = `/api/RawCrash/?crash_id=${id}`;
    expect((await get(url)).json()).not.toHaveProperty("Comments");
    expect((await get(url, token)).json()).toHaveProperty("Comments");
    expect((await get(url, `${token}-my-script`)).json()).toHaveProperty("Comments");
    expect((await get(`${url}&format=raw&name=dump`, token)).statusCode).toBe(403);
    expect((await get(`/report/index/${id}`, token)).body).toContain("I was watching");
    const looks = (await open.records.audit.list()).map(({ what, target }) => `${what} ${target}`);
    expect(looks.toSorted()).toEqual([`RawCrash ${id}`, `RawCrash ${id}`, `report ${id}`]);
  });

  it("takes away what everybody may do when it does not say so", async () => {
    open = await openWebapp(["view_pii"]);
    await withCrash();
    const token = await tokenOf();
    expect((await get(`/api/RawCrash/?crash_id=${id}`, token)).json()).not.toHaveProperty("Comments");
  });

  it("that is unknown or revoked is refused on every path, in Crash Stats' words", async () => {
    open = await openWebapp(["view_pii"]);
    await withCrash();
    const { text, token } = await open.records.tokens.create({ permissions: [], owner: "me" });
    await open.records.tokens.revoke(token.id);
    for (const wrong of [text, "x", "0".repeat(32)]) {
      const reply = await get(`/api/RawCrash/?crash_id=${id}`, wrong);
      expect([reply.statusCode, reply.json()]).toEqual([403, { error: "API Token not matched" }]);
      expect((await get(`/report/index/${id}`, wrong)).statusCode).toBe(403);
    }
  });
});

describe("Releases and VersionString", () => {
  const put = (body: unknown, token?: string) =>
    open.server.inject({
      method: "PUT",
      url: "/api/Releases/",
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { "auth-token": token }),
      },
      payload: JSON.stringify(body),
    });
  const row = (version_string: string) => ({
    product: "Teapot",
    channel: "Beta",
    build_id: "20260801000000",
    version_string,
  });

  it("tell a build's versions to who asks, from who may tell them", async () => {
    open = await openWebapp();
    const token = await tokenOf("manage_releases");
    expect((await put({ releases: [row("1.6.0b3")] })).statusCode).toBe(403);
    expect((await put({ releases: [row("1.6.0b3"), row("1.6.0rc1")] }, token)).json()).toEqual({
      added: 2,
      known: 2,
    });
    const url = "/api/VersionString/?product=Teapot&channel=beta&build_id=20260801000000";
    expect((await get(url)).json()).toEqual({ hits: [{ version_string: "1.6.0b3" }], total: 1 });
    expect((await get("/api/VersionString/?product=Teapot&channel=beta")).json()).toEqual({
      errors: { build_id: ["This field is required."] },
    });
  });

  it.each([[{}], [{ releases: [] }], [{ releases: [{ ...row("1"), build_id: "x" }] }], [[1]]])(
    "refuse %j",
    async (body) => {
      open = await openWebapp();
      const reply = await put(body, await tokenOf("manage_releases"));
      expect([reply.statusCode, reply.json().error]).toEqual([400, expect.stringContaining("BadReleases")]);
    },
  );
});

describe("Bugs, SignaturesByBugs and SignatureFirstDate", () => {
  it("answer as Crash Stats does", async () => {
    open = await openWebapp();
    await open.records.bugs.set("12", ["b", "a"]);
    await open.records.bugs.set("7", ["a"]);
    await open.records.bugs.set("9", ["c"]);
    const hits = [
      { id: 7, signature: "a" },
      { id: 12, signature: "a" },
      { id: 12, signature: "b" },
    ];
    expect((await get("/api/Bugs/?signatures=a")).json()).toEqual({ hits, total: 3 });
    const post = await open.server.inject({
      method: "POST",
      url: "/api/Bugs/",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      payload: "signatures=a",
    });
    expect(post.json().total).toBe(3);
    expect((await get("/api/SignaturesByBugs/?bug_ids=9")).json().hits).toEqual([{ id: 9, signature: "c" }]);
    expect((await get("/api/SignaturesByBugs/?bug_ids=x")).statusCode).toBe(400);
    await open.records.signatures.see([{ signature: "a", firstBuild: "20260801", firstDate: "2026-08-05" }]);
    expect((await get("/api/SignatureFirstDate/?signatures=a&signatures=z")).json()).toEqual({
      hits: [{ signature: "a", first_date: "2026-08-05", first_build: "20260801" }],
      total: 1,
    });
  });
});

describe("CrashVerify and NoOp", () => {
  it("tell where a crash has come to, and that the API answers", async () => {
    open = await openWebapp();
    await withCrash();
    expect((await get(`/api/CrashVerify/?crash_id=bp-${id}`)).json()).toMatchObject({
      uuid: id,
      raw_crash: true,
      processed_crash: true,
      elasticsearch_crash: true,
    });
    expect((await get("/api/CrashVerify/?crash_id=x")).json()).toEqual({ error: "unknown crash id" });
    expect((await get("/api/NoOp/?product=good")).json()).toEqual({ hits: [], total: 0 });
    expect((await get("/api/NoOp/?product=bad")).statusCode).toBe(400);
  });
});
