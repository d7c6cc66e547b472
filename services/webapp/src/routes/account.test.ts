import { isPermission, MAIN_DUMP, type Permission } from "@mayday/crash";
import { afterEach, describe, expect, it } from "vitest";
import { groupPermissions, loginOfClaims } from "../auth/open-id.ts";
import { crashId, demoProcessed, demoRaw } from "../test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";
import { type Visitor, visitor } from "../test-support/visitor.ts";
import { ownAddress } from "./forms.ts";

const id = crashId(1, now);
let open: OpenWebapp;
const closeAfterEach = () => afterEach(() => open.close());

async function loggedIn(...permissions: Permission[]): Promise<{ who: Visitor; tokenId: string }> {
  open = await openWebapp();
  const { text, token } = await open.records.tokens.create({ permissions, owner: "ada" });
  const who = visitor(open.server);
  await who.get("/login/");
  const { status, location } = await who.post("/login/", [
    ["token", text],
    ["next", "/profile/"],
  ]);
  expect([status, location]).toEqual([303, "/profile/"]);
  return { who, tokenId: token.id };
}

describe("a session", () => {
  closeAfterEach();
  it("is opened by a token, shows what that may see, leaves lines in the audit log, and ends with the logout", async () => {
    const { who } = await loggedIn("view_pii");
    await open.storage.saveReport(demoRaw(id, now), new Map([[MAIN_DUMP, Buffer.from("MDMP")]]));
    await open.storage.saveProcessed(id, demoProcessed(id, now));
    expect((await who.get("/profile/")).body).toContain("<h1>ada</h1>");
    const comment = "I was watching the backdrops change";
    expect((await who.get(`/report/index/${id}`)).body).toContain(comment);
    const api = `/api/ProcessedCrash/?crash_id=${id}`;
    expect((await who.get(api)).body).toContain(comment);
    const lines = (await open.records.audit.list()).map(({ who: by, what }) => `${by} ${what}`).sort();
    expect(lines).toEqual(["ada ProcessedCrash", "ada login", "ada report"]);
    await who.get("/profile/");
    expect((await who.post("/logout/")).status).toBe(303);
    expect((await who.get("/profile/")).body).toContain("Not logged in");
    expect((await who.get(`/report/index/${id}`)).body).not.toContain(comment);
  });

  it("ends when the token that opened it is revoked", async () => {
    const { who, tokenId } = await loggedIn("view_pii");
    await open.records.tokens.revoke(tokenId);
    expect((await who.get("/profile/")).body).toContain("Not logged in");
  });

  it("does nothing for a form that another page forged", async () => {
    const { who } = await loggedIn("reprocess_crashes");
    await who.get("/profile/");
    const reply = await who.post("/logout/", [], true);
    expect(reply.status).toBe(403);
    expect(reply.body).toContain("This form is too old");
    expect((await who.get("/profile/")).body).toContain("ada");
  });

  it("is not opened by a text that is no token", async () => {
    open = await openWebapp();
    const who = visitor(open.server);
    await who.get("/login/");
    const { status, body } = await who.post("/login/", [["token", "0".repeat(40)]]);
    expect(status).toBe(403);
    expect(body).toContain("unknown, has ended, or was revoked");
    expect((await who.get("/profile/")).body).toContain("Not logged in");
  });
});

describe("the tokens page", () => {
  closeAfterEach();
  it("makes a token that is shown once and works, and revokes it", async () => {
    const { who } = await loggedIn("view_pii", "reprocess_crashes");
    await who.get("/api/tokens/");
    await who.post("/api/tokens/", [
      ["note", "nightly <script>"],
      ["days", "30"],
      ["permission", "reprocess_crashes"],
    ]);
    const made = await who.get("/api/tokens/");
    const text = /id="new-token">([0-9a-f]{40})</.exec(made.body)?.[1] ?? "";
    const [token] = await open.records.tokens.list("ada");
    expect(token).toMatchObject({ permissions: ["reprocess_crashes"], note: "nightly <script>" });
    expect(token?.expires?.getTime()).toBe(now.getTime() + 30 * 86_400_000);
    const again = await who.get("/api/tokens/");
    expect(again.body).not.toContain(text);
    expect(again.body).toContain("nightly &#60;script&#62;");
    const reprocess = () =>
      open.server.inject({
        method: "POST",
        url: "/api/Reprocessing/",
        headers: { "auth-token": text, "content-type": "application/x-www-form-urlencoded" },
        payload: `crash_ids=${id}`,
      });
    expect((await reprocess()).statusCode).toBe(200);
    await who.post("/api/tokens/revoke/", [["id", token!.id]]);
    expect((await reprocess()).statusCode).toBe(403);
  });

  it("gives no permission that its maker lacks, and revokes nobody else's token", async () => {
    const { who } = await loggedIn("view_pii");
    const other = await open.records.tokens.create({ permissions: [], owner: "bob" });
    await who.get("/api/tokens/");
    const { status, body } = await who.post("/api/tokens/", [
      ["note", "x"],
      ["permission", "manage_jobs"],
    ]);
    expect(status).toBe(403);
    expect(body).toContain("You lack manage_jobs yourself.");
    expect(await open.records.tokens.list("ada")).toHaveLength(1);
    await who.post("/api/tokens/revoke/", [["id", other.token.id]]);
    expect((await open.records.tokens.find(other.text))?.owner).toBe("bob");
  });

  it("is nobody's who is not logged in", async () => {
    open = await openWebapp(["view_pii"]);
    const { status, body } = await visitor(open.server).get("/api/tokens/");
    expect(status).toBe(403);
    expect(body).toContain("log in to make one");
  });
});

describe("what a login provider tells", () => {
  const groups = groupPermissions(["crash-team=view_pii+view_rawdump", "ops=manage_jobs"], isPermission)!;
  const of = (claims: Record<string, unknown>) => loginOfClaims(claims, { groupsClaim: "groups", groups });

  it.each([
    [
      ["crash-team", "others"],
      ["view_pii", "view_rawdump"],
    ],
    ["ops, crash-team", ["manage_jobs", "view_pii", "view_rawdump"]],
    [{ ops: true }, []],
    [undefined, []],
  ])("groups %j give %j", (told, permissions) => {
    expect(of({ sub: "1", groups: told }).permissions).toEqual(permissions);
  });

  it("is named by the address that was verified, else by the subject", () => {
    expect(of({ sub: "1", email: "ada@example.com", name: "Ada" })).toMatchObject({
      who: "ada@example.com",
      name: "Ada",
    });
    expect(of({ sub: "1", email: "ada@example.com", email_verified: false }).who).toBe("1");
  });

  it("knows no group of a permission that there is not", () => {
    expect(groupPermissions(["ops=manage_jbos"], isPermission)).toBeUndefined();
    expect(groupPermissions(["ops"], isPermission)).toBeUndefined();
  });
});

describe("where a login leads", () => {
  it.each(["//evil.example/", "/\\evil.example", "https://evil.example", "", null, "/a\nb", "javascript:x"])(
    "is the start page for %j",
    (text) => {
      expect(ownAddress(text)).toBe("/");
    },
  );
  it("is an address of ours", () => {
    expect(ownAddress("/search/?signature=~x")).toBe("/search/?signature=~x");
  });
});
