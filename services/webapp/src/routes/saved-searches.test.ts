import type { Permission } from "@mayday/crash";
import { MOST_SEARCHES } from "@mayday/records";
import { afterEach, beforeEach, expect, it } from "vitest";
import { escapesFrom, HOSTILE } from "../test-support/hostile.ts";
import { type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";
import { textOfPage } from "../test-support/text-of-page.ts";
import { type Visitor, visitor } from "../test-support/visitor.ts";

let open: OpenWebapp;
beforeEach(async () => {
  open = await openWebapp();
});
afterEach(() => open.close());

async function loggedIn(owner: string, ...permissions: Permission[]): Promise<Visitor> {
  const { text } = await open.records.tokens.create({ permissions, owner });
  const who = visitor(open.server);
  await who.get("/login/");
  await who.post("/login/", [["token", text]]);
  await who.get("/search/");
  return who;
}

const save = (who: Visitor, name: string, query: string, ...more: [string, string][]) =>
  who.post("/search/saved/", [["name", name], ["query", query], ...more]);
/** A page with its characters as they are. */
const plain = (body: string) =>
  body.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
const shared: [string, string] = ["shared", "1"];

it("a search is saved under a name, opened by its address, and deleted", async () => {
  const ada = await loggedIn("ada");
  const empty = await ada.get("/search/?product=Teapot&_results_offset=50");
  expect(empty.body).toContain("You have none yet.");
  expect(plain(empty.body)).toContain(`name="query" value="product=Teapot"`);
  expect((await ada.get("/profile/")).body).toContain("None yet. Make a");
  await ada.get("/search/?product=Teapot");
  const { status, location } = await save(ada, "  brewing \n now", "product=Teapot&days=28");
  expect([status, location]).toEqual([303, "/search/?product=Teapot&days=28#saved"]);
  const told = (await ada.get("/search/")).body;
  expect(told).toContain(`<details class="saved" id="saved" open>`);
  expect(told).toContain("Saved as “brewing now”.");
  expect(plain(told)).toContain(`<a href="/search/?product=Teapot&days=28"><bdi>brewing now</bdi></a>`);
  expect((await ada.get("/search/")).body).not.toContain("Saved as");
  const profile = (await ada.get("/profile/")).body;
  expect(profile).toContain("<bdi>brewing now</bdi>");
  const [search] = await open.records.searches.list("ada");
  const deleted = await ada.post("/search/saved/delete/", [
    ["id", search!.id],
    ["next", "/profile/"],
  ]);
  expect([deleted.status, deleted.location]).toEqual([303, "/profile/"]);
  expect((await ada.get("/profile/")).body).toContain("The saved search is deleted.");
  expect(await open.records.searches.list("ada")).toEqual([]);
});

it("a search that is saved again under its name takes the other's place, and that is said", async () => {
  const ada = await loggedIn("ada");
  await save(ada, "brewing", "product=Teapot");
  await ada.get("/search/");
  await save(ada, "brewing", "product=Kettle", shared);
  expect((await ada.get("/search/")).body).toContain(
    "“brewing” was there already: it is this search from now on, seen by everybody.",
  );
  expect(await open.records.searches.list("ada")).toMatchObject([
    { query: "product=Kettle", isShared: true },
  ]);
});

it("a search that is shared is seen by everybody, with whose it is, and is nobody else's to delete", async () => {
  const ada = await loggedIn("ada@teapot.example");
  await save(ada, "for all", "product=Teapot", shared);
  await save(ada, "for me", "product=Kettle");
  const { body } = await visitor(open.server).get("/search/?product=Samovar");
  expect(textOfPage(body)).toContain("for all by ada");
  expect(body).not.toContain("teapot.example");
  expect(body).not.toContain("for me");
  expect(plain(body)).toContain(`<a href="/login/?next=%2Fsearch%2F%3Fproduct%3DSamovar">Log in</a>`);
  const bob = await loggedIn("bob");
  expect(textOfPage((await bob.get("/search/")).body)).toContain("Shared by othersfor all by ada");
  const [search] = await open.records.searches.shared(1);
  await bob.post("/search/saved/delete/", [["id", search!.id]]);
  expect(await open.records.searches.shared(9)).toHaveLength(1);
});

it("nobody without a login saves or deletes, and no forged form does", async () => {
  const nobody = visitor(open.server);
  await nobody.get("/login/");
  expect((await save(nobody, "x", "product=Teapot")).location).toBe(
    "/login/?next=%2Fsearch%2F%3Fproduct%3DTeapot",
  );
  const ada = await loggedIn("ada");
  const fields: [string, string][] = [
    ["name", "x"],
    ["query", ""],
  ];
  expect((await ada.post("/search/saved/", fields, true)).status).toBe(403);
  expect(await open.records.searches.list("ada")).toEqual([]);
  await save(ada, "x", "");
  const [search] = await open.records.searches.list("ada");
  expect((await ada.post("/search/saved/delete/", [["id", search!.id]], true)).status).toBe(403);
  await nobody.get("/login/");
  await nobody.post("/search/saved/delete/", [["id", search!.id]]);
  expect(await open.records.searches.list("ada")).toHaveLength(1);
});

it.each([
  ["", "product=Teapot"],
  [" \t ", "product=Teapot"],
  ["\u202e\u200b", "product=Teapot"],
  ["é".repeat(101), "product=Teapot"],
  ["x", `signature=${"ü".repeat(1366)}`],
])("the name %j with a search that is not fit is refused in a line", async (name, query) => {
  const ada = await loggedIn("ada");
  const { status, body } = await save(ada, name, query);
  expect(status).toBe(400);
  expect(textOfPage(body)).toMatch(/The search is longer than 8 KB\.|A name has 1 to 100 characters/);
  expect(await open.records.searches.list("ada")).toEqual([]);
  expect((await save(ada, "é".repeat(100), `signature=${"ü".repeat(1363)}`)).status).toBe(303);
});

it("one search more than anybody may have is refused in a line", async () => {
  const ada = await loggedIn("ada");
  const search = { owner: "ada", ownerName: "ada", query: "", isShared: false };
  for (let n = 0; n < MOST_SEARCHES; n++)
    await open.records.searches.save({ ...search, name: `search ${n}` });
  const { status, body } = await save(ada, "one more", "");
  expect(status).toBe(400);
  expect(body).toContain("You have 200 saved searches already: delete one first.");
});

it("a hostile name, owner and search are text", async () => {
  const mallory = await loggedIn(HOSTILE);
  const { status } = await save(mallory, [...HOSTILE].slice(0, 100).join(""), `signature=${HOSTILE}`, shared);
  expect(status).toBe(303);
  const pages = [await mallory.get("/search/"), await mallory.get("/profile/")];
  pages.push(await visitor(open.server).get("/search/"));
  for (const { body } of pages) expect(escapesFrom(body)).toEqual([]);
});

it("a saved search shows nobody what its maker may see and they may not", async () => {
  const ada = await loggedIn("ada", "view_pii");
  await save(
    ada,
    "hers",
    "product=Teapot&user_comments=~secret&_columns=email&_columns=date&_sort=-url",
    shared,
  );
  expect((await ada.get("/search/")).body).toContain("secret");
  const { body } = await visitor(open.server).get("/search/");
  expect(plain(body)).toContain(
    `<a href="/search/?product=Teapot&_columns=date"><bdi>hers</bdi></a> <small>without what you may not search by</small>`,
  );
  expect(body).not.toContain("secret");
  const bob = await loggedIn("bob");
  await save(bob, "tried", "product=Teapot&user_comments=~secret");
  expect(await open.records.searches.list("bob")).toMatchObject([{ query: "product=Teapot" }]);
});

it("what a viewer may not see, hits are not sorted by, either", async () => {
  const { body } = await visitor(open.server).get("/search/?_sort=email&_sort=-url");
  expect(body).toContain(`name="_sort" value="-date"`);
});
