import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Records } from "./records.ts";
import { MOST_SEARCHES } from "./tables/searches.ts";

/** A database for one test. `open` may be called again: it is the same database, with the clock given. */
export interface RecordsUnderTest {
  open(now: () => Date): Promise<Records>;
  remove(): Promise<void>;
}

/** The promises of {@link Records}, as a vitest suite: call it within a `describe`. */
export function recordsConformance(make: () => Promise<RecordsUnderTest>): void {
  let database: RecordsUnderTest;
  let records: Records;
  let time = new Date("2026-08-20T10:00:00.000Z");
  const now = () => time;
  beforeEach(async () => {
    time = new Date("2026-08-20T10:00:00.000Z");
    database = await make();
    records = await database.open(now);
  });
  afterEach(async () => {
    await records.close();
    await database.remove();
  });

  it("are opened by several at once while the schema is being made", async () => {
    const fresh = await make();
    try {
      const opened = await Promise.all([fresh.open(now), fresh.open(now), fresh.open(now)]);
      const { text } = await opened[0]!.tokens.create({ permissions: ["view_pii"], owner: "me" });
      expect(await opened[2]!.tokens.find(text)).toMatchObject({ owner: "me" });
      await Promise.all(opened.map((one) => one.close()));
    } finally {
      await fresh.remove();
    }
  });

  it("are there when they are opened again", async () => {
    await records.releases.add([release("1.0b1")], "api");
    await records.close();
    records = await database.open(now);
    expect(await records.releases.versionsOf("Teapot", "beta", "20260801000000")).toEqual(["1.0b1"]);
    await records.check();
  });

  describe("a token", () => {
    it("is found by its text alone, and tells what it may do", async () => {
      const { text, token } = await records.tokens.create({
        permissions: ["view_rawdump", "view_pii", "view_pii"],
        owner: "me",
        note: "for the script",
      });
      expect(text).toMatch(/^[0-9a-f]{40}$/);
      expect(await records.tokens.find(text)).toEqual(token);
      expect(token).toMatchObject({ permissions: ["view_pii", "view_rawdump"], note: "for the script" });
      for (const other of ["", token.id, text.toUpperCase(), `${text} `, "'; drop table tokens; --"]) {
        expect(await records.tokens.find(other)).toBeUndefined();
      }
      expect(JSON.stringify(await records.tokens.list())).not.toContain(text);
    });

    it("ends when its time has come, and when it is revoked", async () => {
      const expires = new Date("2026-08-21T10:00:00.000Z");
      const { text: short } = await records.tokens.create({ permissions: [], owner: "me", expires });
      const { text: long, token } = await records.tokens.create({ permissions: [], owner: "me" });
      time = new Date(expires.getTime() - 1);
      expect(await records.tokens.find(short)).toBeDefined();
      time = expires;
      expect(await records.tokens.find(short)).toBeUndefined();
      expect(await records.tokens.revoke(token.id)).toBe(true);
      expect(await records.tokens.revoke(token.id)).toBe(false);
      expect(await records.tokens.revoke("no such")).toBe(false);
      expect(await records.tokens.find(long)).toBeUndefined();
      expect((await records.tokens.list()).map(({ revoked }) => revoked)).toContainEqual(expires);
    });

    it("is listed for its owner, and revoked by nobody else", async () => {
      const { token } = await records.tokens.create({ permissions: [], owner: "me" });
      time = new Date(time.getTime() + 1000);
      await records.tokens.create({ permissions: [], owner: "you" });
      expect((await records.tokens.list()).map(({ owner }) => owner)).toEqual(["you", "me"]);
      expect(await records.tokens.list("me")).toEqual([token]);
      expect(await records.tokens.revoke(token.id, "you")).toBe(false);
      expect(await records.tokens.revoke(token.id, "me")).toBe(true);
    });
  });

  describe("releases", () => {
    it("are known by product, channel and build, once however often they are told", async () => {
      expect(await records.releases.add([release("1.0b1"), release("1.0b1"), release("1.0b2")], "api")).toBe(
        2,
      );
      expect(await records.releases.add([release("1.0b2")], "crash")).toBe(0);
      expect(await records.releases.versionsOf("Teapot", "BETA", "20260801000000")).toEqual([
        "1.0b1",
        "1.0b2",
      ]);
      expect(await records.releases.versionsOf("Kettle", "beta", "20260801000000")).toEqual([]);
      expect(await records.releases.versionsOf("Teapot", "beta", "20260801000001")).toEqual([]);
    });

    it("that crashes tell of give way to what anybody else says of the build", async () => {
      expect(await records.releases.add([release("1.0b9")], "crash")).toBe(1);
      expect(await records.releases.versionsOf("Teapot", "beta", "20260801000000")).toEqual(["1.0b9"]);
      await records.releases.add([release("1.0b1")], "api");
      expect(await records.releases.versionsOf("Teapot", "beta", "20260801000000")).toEqual(["1.0b1"]);
    });

    it("tell of each version when its first build was made, the newest first", async () => {
      const built = (version: string, day: string) => ({
        ...release(version),
        buildId: `202608${day}000000`,
      });
      await records.releases.add(
        [built("1.1", "04"), built("1.1", "02"), built("1.2", "09"), built("0.9", "01")],
        "api",
      );
      expect(await records.releases.firstBuilds("Teapot", "20260802000000")).toEqual([
        { version: "1.2", buildId: "20260809000000" },
        { version: "1.1", buildId: "20260802000000" },
      ]);
      expect(await records.releases.firstBuilds("Teapot", "20260802000000", 1)).toHaveLength(1);
      expect(await records.releases.firstBuilds("Kettle", "20260802000000")).toEqual([]);
    });

    it("are listed with the newest build first, and taken by the thousand", async () => {
      const many = Array.from({ length: 1200 }, (_, n) => ({
        ...release(`1.${n}`),
        buildId: String(20260801000000 + n),
      }));
      expect(await records.releases.add(many, "file")).toBe(1200);
      const listed = await records.releases.list("Teapot", 3);
      expect(listed.map(({ version }) => version)).toEqual(["1.1199", "1.1198", "1.1197"]);
    });
  });

  describe("a signature", () => {
    it("was first seen at the earliest date and build, in whatever order they came", async () => {
      const seen = (firstBuild: string, firstDate: string) =>
        records.signatures.see([{ signature: "brew | pour", firstBuild, firstDate }]);
      await seen("20260803", "2026-08-05");
      await seen("20260802", "2026-08-06");
      await seen("", "2026-08-04");
      await seen("20260804", "2026-08-07");
      expect(await records.signatures.get(["brew | pour", "never seen"])).toEqual([
        { signature: "brew | pour", firstBuild: "20260802", firstDate: "2026-08-04" },
      ]);
    });

    it("takes a build when none was known, and may hold any text", async () => {
      const signature = "x\u0000'\"\\ \u2603 | y";
      const kept = signature.replace("\u0000", "");
      await records.signatures.see([
        { signature, firstBuild: "", firstDate: "2026-08-05" },
        { signature, firstBuild: "20260803", firstDate: "2026-08-06" },
      ]);
      expect(await records.signatures.get([kept])).toEqual([
        { signature: kept, firstBuild: "20260803", firstDate: "2026-08-05" },
      ]);
    });
  });

  it("usage is what was told last of a day, and a day of which nothing was told is unknown", async () => {
    const row = { product: "Teapot", version: "1.0", channel: "beta", platform: "Linux", day: "2026-08-01" };
    const told = [
      { ...row, hours: 5, users: 2 },
      { ...row, hours: 10.5, users: 3 },
      { ...row, platform: "Windows NT", hours: 20, users: 4 },
      { ...row, day: "2026-08-03", hours: 7, users: 1 },
    ];
    expect(await records.usage.put(told)).toBe(3);
    await records.usage.put([{ ...row, day: "2026-08-03", hours: 8, users: 1 }]);
    const of = { product: "Teapot", from: "2026-08-01", to: "2026-08-31" };
    expect([...(await records.usage.hours(of))]).toEqual([
      ["2026-08-01", 30.5],
      ["2026-08-03", 8],
    ]);
    expect([...(await records.usage.hours({ ...of, platform: "Linux", to: "2026-08-02" }))]).toEqual([
      ["2026-08-01", 10.5],
    ]);
    expect([...(await records.usage.hours({ ...of, product: "Kettle" }))]).toEqual([]);
  });

  it("usage that is told as a total, too, counts once: by the rows that tell of the most", async () => {
    const row = { product: "Samovar", version: "", channel: "", platform: "", day: "2026-08-01", users: 1 };
    await records.usage.put([
      { ...row, hours: 100 },
      { ...row, version: "1.0", hours: 60 },
      { ...row, version: "1.1", hours: 30 },
      { ...row, version: "1.1", channel: "beta", hours: 29 },
      { ...row, day: "2026-08-02", hours: 50 },
      { ...row, day: "2026-08-02", version: "1.0", hours: 40 },
      { ...row, day: "2026-08-02", version: "1.1", hours: 20 },
    ]);
    const of = { product: "Samovar", from: "2026-08-01", to: "2026-08-31" };
    expect([...(await records.usage.hours(of))]).toEqual([
      ["2026-08-01", 100],
      ["2026-08-02", 60],
    ]);
    expect([...(await records.usage.hours({ ...of, version: "1.1" }))]).toEqual([
      ["2026-08-01", 30],
      ["2026-08-02", 20],
    ]);
  });

  trendsConformance(() => records);
  searchesConformance(
    () => records,
    (ms) => {
      time = new Date(time.getTime() + ms);
    },
  );
  deletionsConformance(
    () => records,
    (ms) => {
      time = new Date(time.getTime() + ms);
    },
  );

  it("bugs name signatures, and those that a bug no longer names are forgotten", async () => {
    await records.bugs.set("1", ["a", "b", "a"]);
    await records.bugs.set("2", ["b"]);
    expect(await records.bugs.bySignatures(["b"])).toEqual([
      { bug: "1", signature: "b" },
      { bug: "2", signature: "b" },
    ]);
    await records.bugs.set("1", ["c"]);
    expect(await records.bugs.byBugs(["1"])).toEqual([{ bug: "1", signature: "c" }]);
    expect(await records.bugs.bySignatures(["a"])).toEqual([]);
  });

  it("the audit log tells who did what to what, the newest first", async () => {
    await records.audit.add({ who: "token 1", what: "dump", target: "crash 1" });
    time = new Date(time.getTime() + 1000);
    await records.audit.add({ who: "token 2", what: "raw crash", target: "crash 1" });
    expect((await records.audit.list()).map(({ who }) => who)).toEqual(["token 2", "token 1"]);
    expect(await records.audit.list({ who: "token 1" })).toMatchObject([{ what: "dump", target: "crash 1" }]);
    expect(await records.audit.list({ since: time })).toEqual([
      { time, who: "token 2", what: "raw crash", target: "crash 1" },
    ]);
    expect(await records.audit.list({ limit: 1, target: "crash 1" })).toHaveLength(1);
  });

  it("uploads that wait for symcaches are told, the oldest first, until they have them or are given up", async () => {
    const save = (id: string, ms: number, waiting: string[]) =>
      records.uploads.save({
        id,
        created: new Date(time.getTime() + ms),
        owner: "me",
        state: "completed",
        detail: { ...uploadDetail, waiting },
      });
    await save("1", 2, ["a.so/1/a.sym"]);
    await save("2", 1, ["b.so/1/b.sym", "b.so/2/b.sym"]);
    await save("3", 0, []);
    await save("4", 5000, ["c.so/1/c.sym"]);
    const soon = new Date(time.getTime() + 1000);
    const ids = async () => (await records.uploads.waiting(soon)).map(({ id }) => id);
    expect(await ids()).toEqual(["2", "1"]);
    expect((await records.uploads.waiting(soon, 1))[0]?.detail.waiting).toHaveLength(2);
    await save("2", 1, []);
    expect(await ids()).toEqual(["1"]);
    await records.uploads.giveUp("1");
    expect(await ids()).toEqual([]);
  });

  it("an upload is what was saved of it last", async () => {
    const upload = { id: "1", created: time, owner: "me", state: "receiving", detail: uploadDetail };
    await records.uploads.save(upload);
    await records.uploads.save({ ...upload, state: "completed", detail: { ...uploadDetail, files: 3 } });
    expect(await records.uploads.get("1")).toEqual({
      ...upload,
      state: "completed",
      detail: { ...uploadDetail, files: 3 },
    });
    expect(await records.uploads.get("2")).toBeUndefined();
    await records.uploads.save({ ...upload, id: "2", created: new Date(time.getTime() + 1), owner: "you" });
    expect((await records.uploads.list()).map(({ id }) => id)).toEqual(["2", "1"]);
    expect(await records.uploads.list({ owner: "you", limit: 5 })).toHaveLength(1);
  });
}

function trendsConformance(open: () => Records): void {
  const rising = {
    product: "Teapot",
    source: "ping",
    signature: "pour",
    kind: "rising",
    day: "2026-08-19",
    count: 48,
    expected: 12,
    high: 26.5,
    days: 1,
  } as const;

  it("a trend is one row, told once however long it lasts, and forgotten when it is over", async () => {
    const { trends } = open();
    await trends.put([rising, { ...rising, signature: "brew", count: 99 }]);
    const names = async () => (await trends.list({ product: "Teapot" })).map(({ signature }) => signature);
    expect(await names()).toEqual(["brew", "pour"]);
    expect(await trends.list({ product: "Teapot", signatures: ["pour"] })).toEqual([rising]);
    expect(await trends.list({ product: "Kettle" })).toEqual([]);
    expect(await trends.list({ source: "ping", signatures: ["pour"] })).toEqual([rising]);
    expect(await trends.list({ source: "report" })).toEqual([]);
    const [brew, pour] = await trends.untold(10, 3, 20);
    expect(await trends.untold(10, 3, 100)).toEqual([]);
    await trends.note([brew!], "told");
    await trends.note([pour!], "failed");
    await trends.put([{ ...rising, day: "2026-08-20", count: 50 }]);
    expect(await trends.untold(10, 3, 50)).toEqual([
      { ...rising, day: "2026-08-20", count: 50, attempts: 1 },
    ]);
    expect(await trends.untold(10, 1, 20)).toEqual([]);
    await trends.forgetBefore("2026-08-20");
    expect(await names()).toEqual(["pour"]);
  });
}

function searchesConformance(open: () => Records, pass: (ms: number) => void): void {
  const search = {
    owner: "ada",
    ownerName: "Ada",
    name: "brewing",
    query: "product=Teapot",
    isShared: false,
  };

  it("a saved search is its owner's, one for each name, the one saved last first", async () => {
    const { searches } = open();
    expect(await searches.save(search)).toBe("saved");
    pass(1000);
    expect(await searches.save({ ...search, name: "Brewing", query: "" })).toBe("saved");
    expect(await searches.save({ ...search, owner: "bob" })).toBe("saved");
    pass(1000);
    expect(await searches.save({ ...search, query: "product=Kettle", isShared: true })).toBe("replaced");
    const [newest, ...others] = await searches.list("ada");
    const saved = new Date("2026-08-20T10:00:02.000Z");
    expect(newest).toEqual({ ...search, id: newest!.id, query: "product=Kettle", isShared: true, saved });
    expect(others.map(({ name }) => name)).toEqual(["Brewing"]);
    expect(await searches.list("nobody")).toEqual([]);
  });

  it("saved searches that are shared are seen by everybody, and removed by their owners alone", async () => {
    const { searches } = open();
    await searches.save({ ...search, isShared: true });
    await searches.save({ ...search, name: "of ada alone" });
    pass(1000);
    await searches.save({ ...search, owner: "bob", ownerName: "Bob", isShared: true });
    const owners = async (...of: [limit: number, owner?: string]) =>
      (await searches.shared(...of)).map(({ ownerName }) => ownerName);
    expect(await owners(10)).toEqual(["Bob", "Ada"]);
    expect(await owners(1)).toEqual(["Bob"]);
    expect(await owners(10, "bob")).toEqual(["Ada"]);
    const [bobs] = await searches.list("bob");
    expect(await searches.remove(bobs!.id, "ada")).toBe(false);
    expect(await searches.remove(bobs!.id, "bob")).toBe(true);
    expect(await searches.remove(bobs!.id, "bob")).toBe(false);
    expect(await owners(10)).toEqual(["Ada"]);
  });

  it(`nobody saves more than ${MOST_SEARCHES} searches, and the last of them can still be changed`, async () => {
    const { searches } = open();
    for (let n = 0; n < MOST_SEARCHES; n++) await searches.save({ ...search, name: `search ${n}` });
    expect(await searches.save({ ...search, name: "one more" })).toBe("TOO_MANY");
    expect(await searches.save({ ...search, name: "search 7", query: "" })).toBe("replaced");
    expect(await searches.save({ ...search, owner: "bob" })).toBe("saved");
    expect(await searches.list("ada")).toHaveLength(MOST_SEARCHES);
  });

  it("a search that is saved several times at once is one", async () => {
    const { searches } = open();
    await Promise.all(Array.from({ length: 8 }, (_, n) => searches.save({ ...search, query: `days=${n}` })));
    expect(await searches.list("ada")).toHaveLength(1);
  });
}

function deletionsConformance(open: () => Records, pass: (ms: number) => void): void {
  const client = "11111111-2222-4333-8444-55555555abcd";
  const later = () => new Date("2030-01-01");

  it("a deletion tells who asked, when, and what was removed, and forgets of whom when it is done", async () => {
    const { deletions } = open();
    await deletions.ask(client, "token 1");
    const [asked] = await deletions.open(later());
    expect(asked).toMatchObject({ clientId: client, who: "token 1", done: undefined, crashes: 0, pings: 0 });
    await deletions.note(asked!, { crashes: 2, pings: 3, isDone: false });
    pass(1000);
    await deletions.note(asked!, { crashes: 1, pings: 0, isDone: true });
    expect(await deletions.open(later())).toEqual([]);
    const [done] = await deletions.list({ clientId: client.toUpperCase() });
    expect(done).toMatchObject({ who: "token 1", asked: asked!.asked, crashes: 3, pings: 3 });
    expect(done!.done!.getTime()).toBe(asked!.asked.getTime() + 1000);
    expect(JSON.stringify(await deletions.list())).not.toContain(client);
    expect(await deletions.list({ clientId: "another" })).toEqual([]);
  });

  it("a deletion that is asked again while it is open is one, and begins anew; after its end it is another", async () => {
    const { deletions } = open();
    await deletions.ask(client, "a ping");
    const [first] = await deletions.open(later());
    pass(1000);
    await deletions.ask(client, "a ping");
    await deletions.note(first!, { crashes: 0, pings: 0, isDone: true });
    const [again] = await deletions.open(later());
    expect(again?.id).toBe(first?.id);
    await deletions.note(again!, { crashes: 0, pings: 0, isDone: true });
    await deletions.ask(client, "a ping");
    expect(await deletions.list()).toHaveLength(2);
    expect(await deletions.open(later())).toHaveLength(1);
  });

  it("deletions are worked at in turn", async () => {
    const { deletions } = open();
    for (const one of ["a", "b", "c"]) {
      await deletions.ask(one, "me");
      pass(1000);
    }
    const [a] = await deletions.open(later(), 1);
    expect(a?.clientId).toBe("a");
    await deletions.note(a!, { crashes: 0, pings: 0, isDone: false });
    expect((await deletions.open(later())).map(({ clientId }) => clientId)).toEqual(["b", "c", "a"]);
    expect((await deletions.open(a!.asked)).map(({ clientId }) => clientId)).toEqual(["b", "c"]);
  });
}

const uploadDetail = { archive: "symbols.zip", bytes: 99, isTry: false, files: 0, skipped: 0, problems: 0 };

const release = (version: string) => ({
  product: "Teapot",
  channel: "beta",
  buildId: "20260801000000",
  version,
});
