import { MAIN_DUMP, type Permission } from "@mayday/crash";
import { searchDocument } from "@mayday/search";
import { afterEach, describe, expect, it } from "vitest";
import { stylesheet } from "./pages/stylesheet.ts";
import { crashId, demoProcessed, demoRaw } from "./test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "./test-support/open-webapp.ts";
import { textOfPage } from "./test-support/text-of-page.ts";

const id = crashId(1, now);

let open: OpenWebapp;
afterEach(() => open.close());

async function withCrash(...granted: Permission[]): Promise<void> {
  open = await openWebapp(granted);
  await open.storage.saveReport(demoRaw(id, now), new Map([[MAIN_DUMP, Buffer.from("MDMP")]]));
  const processed = demoProcessed(id, now);
  await open.storage.saveProcessed(id, processed);
  await open.engine.add([searchDocument(processed)]);
}

const get = (url: string) => open.server.inject({ url });

describe("the start page", () => {
  it("shows what is in the index and in the queues", async () => {
    await withCrash();
    const { body, statusCode } = await get("/");
    expect(statusCode).toBe(200);
    expect(body).toContain(`/report/index/${id}`);
    expect(body).toContain("1 crash in 7 days");
    expect(body).toContain("12 waiting, 3 in work, <strong>1 failed</strong>");
  });

  it("reaches further back than a week when the week had no crash", async () => {
    await withCrash();
    open.wait(30 * 86_400_000);
    const { body } = await get("/");
    expect(body).toContain(`/report/index/${id}`);
    expect(body).toContain("0 crashes in 7 days");
  });

  it.each([
    ["http://127.0.0.1:8100", "localhost:8020", "http://127.0.0.1:8100/submit"],
    ["https://crashes.example/in", "localhost:8020", "https://crashes.example/in/submit"],
    ["http://0.0.0.0:8100", "box.example:8020", "http://box.example:8100/submit"],
    ["http://[::]:8100", "[fd00::1]:8020", "http://[fd00::1]:8100/submit"],
    ["http://0.0.0.0:8100", "$(reboot)", "http://127.0.0.1:8100/submit"],
  ])("of a collector at %s, opened as %s, tells to submit to %s", async (collectorUrl, host, expected) => {
    open = await openWebapp([], collectorUrl);
    const { body } = await open.server.inject({ url: "/", headers: { host } });
    expect(body).toContain(`@crash.dmp ${expected}</pre>`);
  });

  it("goes without queues and without search when they do not answer", async () => {
    await withCrash();
    open.breakQueue(true);
    await open.engine.close();
    const { body, statusCode } = await get("/");
    expect(statusCode).toBe(200);
    expect(body).toContain("The queues do not answer.");
    expect(body).toContain("The search index does not answer.");
  });
});

describe("the box for a crash id", () => {
  it.each([
    id,
    `bp-${id}`,
    ` https://crashes.example/report/index/${id} `,
    `x/report/index/${id}/`,
    `CrashID=bp-${id}\n`,
    `{${id.toUpperCase()}}`,
    `https://crashes.example/report/index/bp-${id}?x=1#threads`,
  ])("opens the report of %j", async (text) => {
    await withCrash();
    const reply = await get(`/report/?${new URLSearchParams({ id: text })}`);
    expect([reply.statusCode, reply.headers.location]).toEqual([302, `/report/index/${id}`]);
  });

  it("says that something is no crash id", async () => {
    await withCrash();
    expect((await get("/report/?id=tea")).statusCode).toBe(400);
    expect((await get("/report/")).statusCode).toBe(400);
  });
});

describe("the report", () => {
  it("shows everybody what is public", async () => {
    await withCrash();
    const { body, statusCode } = await get(`/report/index/${id}`);
    expect(statusCode).toBe(200);
    expect(textOfPage(body)).toContain("teapot::Renderer::draw_span");
    expect(body).not.toMatch(/I was watching|Why this signature|Registers|format&#61;raw/);
  });

  it("shows personal data and dumps to who may see them", async () => {
    await withCrash("view_pii", "view_rawdump");
    const { body } = await get(`/report/index/${id}`);
    for (const part of ["I was watching", "Registers", "Why this signature"]) expect(body).toContain(part);
    expect(body).toContain(`format&#61;raw&#38;name&#61;${MAIN_DUMP}`);
  });

  it("counts the crashes that are like it, and leads to them", async () => {
    await withCrash();
    const twin = demoProcessed(crashId(9, now), now, { signature: "another" });
    await open.engine.add([searchDocument(twin)]);
    const { body } = await get(`/report/index/${id}`);
    expect(textOfPage(body)).toMatch(/Same signature 1.*Same stack 2.*Same top function 2/);
    await open.engine.close();
    expect((await get(`/report/index/${id}`)).statusCode).toBe(200);
  });

  describe("with attachments", () => {
    const files = new Map([
      ["applog", { part: "app.log", filename: "logs/app.log", content_type: "text/plain; charset=utf-8" }],
      ["applog2", { part: "app.log", filename: "app.log", content_type: "text/html" }],
      [
        "upload_file_minidump_screenpng",
        { part: "upload_file_minidump_screen.png", filename: "Größe<b>.png", content_type: "image/png" },
      ],
    ]);

    async function withAttachments(...granted: Permission[]): Promise<void> {
      await withCrash(...granted);
      const raw = demoRaw(id, now, [MAIN_DUMP, ...files.keys()]);
      const notes = ["dropped annotation <X>: its name is too long"];
      const metadata = { ...raw.metadata, attachments: Object.fromEntries(files), collector_notes: notes };
      const dumps = new Map([[MAIN_DUMP, Buffer.from("MDMP")]]);
      for (const name of files.keys()) dumps.set(name, Buffer.from(`bytes of ${name}`));
      await open.storage.saveReport({ ...raw, metadata }, dumps);
    }

    it("lists them all with name, type and size, and gives them under their own names", async () => {
      await withAttachments("view_rawdump");
      const { body } = await get(`/report/index/${id}`);
      const [, table = ""] = /Attachments(.*?)<\/table>/s.exec(body) ?? [];
      expect(table.match(/>(logs\/)?app\.log</g)).toHaveLength(2);
      expect(table).toContain("Größe&#60;b&#62;.png</a></th><td>image/png</td><td>39</td>");
      expect(body).not.toContain("Dump applog");
      const download = (name: string) => get(`/api/RawCrash/?crash_id=${id}&format=raw&name=${name}`);
      const log = await download("applog");
      expect(log.body).toBe("bytes of applog");
      expect(log.headers).toMatchObject({
        "content-type": "text/plain",
        "content-disposition": 'attachment; filename="app.log"',
        "x-content-type-options": "nosniff",
      });
      expect((await download("applog2")).headers["content-type"]).toBe("application/octet-stream");
      const picture = await download("upload_file_minidump_screenpng");
      expect(picture.headers["content-disposition"]).toContain("filename*=UTF-8''Gr%C3%B6%C3%9Fe_b_.png");
      expect((await download("raw_crash")).statusCode).toBe(404);
    });

    it("tells everybody that there are some, and what the collector noted", async () => {
      await withAttachments();
      const { body } = await get(`/report/index/${id}`);
      expect(body).toContain("3 attachments came with the report");
      expect(body).not.toMatch(/app\.log|image\/png/);
      expect(body).toContain("dropped annotation &#60;X&#62;: its name is too long");
      expect((await get(`/api/RawCrash/?crash_id=${id}&format=raw&name=applog`)).statusCode).toBe(403);
    });
  });

  it("leads from an id with bp- to the report", async () => {
    await withCrash();
    const reply = await get(`/report/index/bp-${id}`);
    expect([reply.statusCode, reply.headers.location]).toEqual([301, `/report/index/${id}`]);
  });

  it.each(["tea", "%zz", `${id}0`, `..%2F${id}%00`])("says that %s is no crash id", async (text) => {
    await withCrash();
    const { statusCode, headers } = await get(`/report/index/${text}`);
    expect(statusCode).toBe(400);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
  });

  it("says that it does not know a crash", async () => {
    await withCrash();
    const { statusCode, body } = await get(`/report/index/${crashId(7, now)}`);
    expect(statusCode).toBe(404);
    expect(body).toContain("No such crash");
    expect(open.published).toEqual([]);
  });
});

describe("a report that is not processed yet", () => {
  const waiting = crashId(9, now);
  const look = () => get(`/report/index/${waiting}`);

  it("is put at the head of the queue, once a minute at most", async () => {
    await withCrash();
    await open.storage.saveReport(demoRaw(waiting, now), new Map());
    const { statusCode, body } = await look();
    expect(statusCode).toBe(202);
    expect(body).toContain(`http-equiv="refresh" content="5"`);
    open.wait(59_000);
    await look();
    expect(open.published).toEqual([["publishCrash", "priority", waiting, "default"]]);
    open.wait(1000);
    await look();
    expect(open.published.length).toBe(2);
    await open.storage.saveProcessed(waiting, demoProcessed(waiting, now));
    expect((await look()).statusCode).toBe(200);
  });

  it("is queued as soon as the queue answers again", async () => {
    await withCrash();
    await open.storage.saveReport(demoRaw(waiting, now), new Map());
    open.breakQueue(true);
    expect((await look()).body).toContain("The queue does not answer");
    open.breakQueue(false);
    await look();
    expect(open.published).toEqual([["publishCrash", "priority", waiting, "default"]]);
  });
});

describe("the signature page", () => {
  it("finds the crashes of exactly that signature", async () => {
    await withCrash();
    const other = crashId(3, now);
    await open.engine.add([searchDocument(demoProcessed(other, now, { signature: "teapot::Texture" }))]);
    const { body } = await get(`/signature/?${new URLSearchParams({ signature: "teapot::Texture" })}`);
    expect(body).toContain(other);
    expect(body).not.toContain(id);
    expect((await get("/signature/?signature=nothing")).body).toContain(
      "No crashes with this signature in the last 7 days",
    );
    expect((await get("/signature/")).statusCode).toBe(400);
  });
});

describe("the top crashers", () => {
  const crashes = async () => {
    await withCrash();
    const many = [4, 5, 6].map((n) =>
      demoProcessed(crashId(n, now), now, { signature: "boil | pour", startup_crash: true }),
    );
    await open.engine.add(many.map((one) => searchDocument(one)));
  };

  it("list a version's signatures, the most frequent first, with what is telling of each", async () => {
    await crashes();
    const { body, statusCode } = await get("/topcrashers/?product=Teapot&version=1.4.0");
    expect(statusCode).toBe(200);
    const text = textOfPage(body);
    expect(text.indexOf("boil | pour")).toBeLessThan(text.indexOf("teapot::Texture::index_of"));
    expect(text).toContain("75.0 %");
    expect(text).toContain("startup 100 %");
  });

  it("of no version in particular lead to the newest that is used", async () => {
    await crashes();
    const reply = await get("/topcrashers/?product=Teapot&days=3");
    expect([reply.statusCode, reply.headers.location]).toEqual([
      302,
      "/topcrashers/?product=Teapot&version=1.4.0&days=3",
    ]);
    expect((await get("/topcrashers/?product=Teapot&version=any")).statusCode).toBe(200);
  });

  it("come as CSV, in which no cell is a formula", async () => {
    await withCrash();
    const odd = demoProcessed(crashId(7, now), now, { signature: '=1+1,"x"' });
    await open.engine.add([searchDocument(odd)]);
    const { body, headers } = await get("/topcrashers/?product=Teapot&version=1.4.0&format=csv");
    expect(headers["content-type"]).toContain("text/csv");
    expect(body).toContain(`"'=1+1,""x"""`);
  });

  it("say what to do when there are none", async () => {
    open = await openWebapp();
    expect((await get("/topcrashers/")).body).toContain("There are no crashes yet.");
  });
});

describe("the search page", () => {
  it("shows the crashes that its address asks for, what narrows it down, and the same for scripts", async () => {
    await withCrash();
    const { body, statusCode } = await get("/search/?product=Teapot&signature=~index_of");
    expect(statusCode).toBe(200);
    expect(body).toContain(`/report/index/${id}`);
    expect(body).toContain(`<option value="~" selected>contains</option>`);
    const text = textOfPage(body);
    expect(text).toContain("mayday supersearch --product='Teapot' --signature='~index_of'");
    expect(body).toContain(
      "/search/?product&#61;Teapot&#38;signature&#61;%7Eindex_of&#38;platform&#61;%21%3DLinux",
    );
    expect((await get("/search/?signature=~nothing")).body).toContain("No crashes match.");
  });

  it("lists the values of a field when asked", async () => {
    await withCrash();
    expect(textOfPage((await get("/search/?_facets=version")).body)).toContain("1.4.0 add not1100.0 %");
  });

  it("makes a search of the lines of its form", async () => {
    open = await openWebapp();
    const lines = [
      ["signature", "~", "boil"],
      ["uptime", "__null__", ""],
      ["", "~", "x"],
      ["version", "", ""],
    ];
    const query = lines.map(
      ([field, operator, value]) =>
        new URLSearchParams({ field: field!, operator: operator!, value: value! }),
    );
    const { headers } = await get(`/search/lines/?${query.join("&")}&_sort=date`);
    expect(headers.location).toBe("/search/?signature=%7Eboil&uptime=__null__&_sort=date");
  });

  it("says why a search cannot be read", async () => {
    await withCrash();
    const { body, statusCode } = await get("/search/?uptime=x");
    expect(statusCode).toBe(400);
    expect(textOfPage(body)).toMatch(/This search cannot be read\. .*uptime/);
  });

  it("filters by nothing that the viewer may not see", async () => {
    await withCrash();
    const url = `/search/?${new URLSearchParams({ user_comments: "~watching", _columns: "user_comments" })}`;
    const { body } = await get(url);
    expect(body).not.toContain("user_comments");
    await open.close();
    await withCrash("view_pii");
    expect((await get(url)).body).toContain("I was watching");
  });

  it.each([
    [id, `/report/index/${id}`],
    ["boil", "/search/?signature=%7Eboil"],
    ["", "/search/"],
  ])("is where the box of every page leads: %j to %s", async (query, location) => {
    open = await openWebapp();
    expect((await get(`/search/quick/?${new URLSearchParams({ query })}`)).headers.location).toBe(location);
  });
});

describe("the pages of the bar on top", () => {
  it("tell of the queues, of missing symbols and of the API", async () => {
    await withCrash();
    const missing = demoProcessed(crashId(8, now), now, { missing_symbols: "spout.so/1.2/0A1B2C3D4;" });
    await open.engine.add([searchDocument(missing)]);
    expect(textOfPage((await get("/ops/")).body)).toMatch(
      /standard\s*crashes as they come\s*12\s*0 s\s*3\s*0\s*1/,
    );
    const flow = textOfPage((await get("/ops/?span=2+weeks")).body);
    expect(flow).toMatch(/half within\s*1 s, 95 of 100 within\s*5 s, 99 within\s*5 s/);
    expect(flow).toMatch(/Reports\s*accept\s*1 236\s*98.1 %\s*malformed\s*24/);
    const symbols = (await get("/symbols/")).body;
    expect(textOfPage(symbols)).toMatch(/spout\.so\s*1\.2\s*0a1b2c3d4\s*1/);
    const [, module] = /href="(\/symbols\/module\/\?[^"]*)"/.exec(symbols) ?? [];
    const page = textOfPage((await get(module!.replaceAll("&#61;", "=").replaceAll("&#38;", "&"))).body);
    expect(page).toMatch(/spout\.so\s*1\.2/);
    expect(page).toMatch(/Debug id\s*0a1b2c3d4/);
    expect(page).toMatch(/crashes missed them, last 28 days\s*1/);
    expect((await get("/symbols/module/")).statusCode).toBe(400);
    expect((await get("/symbols/module/?module=a%2F1%2F0")).body).toContain("No crash of the last 28 days");
    const [, link] = /href="(\/search\/\?missing_symbols[^"]*)"/.exec(symbols) ?? [];
    const found = await get(link!.replaceAll("&#61;", "=").replaceAll("&#38;", "&"));
    expect(textOfPage(found.body)).toContain("Search 1 crash");
    const api = (await get("/api/")).body;
    for (const name of ["SuperSearch", "RawCrash", "Releases"]) expect(api).toContain(`/api/${name}/`);
  });

  it("say what does not answer", async () => {
    await withCrash();
    open.breakQueue(true);
    expect((await get("/ops/")).body).toContain("Redis does not answer.");
  });
});

describe("every page", () => {
  it("runs no scripts but our own, loads nothing from elsewhere and is not kept", async () => {
    await withCrash();
    for (const url of ["/", `/report/index/${id}`, "/report/index/tea", "/nothing"]) {
      const { headers } = await get(url);
      expect(headers).toMatchObject({
        "content-security-policy": expect.stringContaining(
          "default-src 'none'; script-src 'self'; style-src 'self'",
        ),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cache-control": "private, no-cache",
      });
    }
  });

  it("has its style in one sheet that browsers may keep", async () => {
    await withCrash();
    expect((await get("/")).body).toContain(`href="${stylesheet.path}"`);
    const { headers, body } = await get(stylesheet.path);
    expect(headers).toMatchObject({
      "content-type": "text/css; charset=utf-8",
      "cache-control": expect.stringContaining("immutable"),
    });
    expect(body).toContain("prefers-color-scheme: dark");
  });

  it("says when there is no such page", async () => {
    await withCrash();
    const { statusCode, body } = await get("/nothing");
    expect(statusCode).toBe(404);
    expect(body).toContain("No such page");
  });

  it("says when something went wrong, and not what", async () => {
    await withCrash();
    open.storage.loadRawCrashText = () => Promise.reject(new TypeError("the inside of things"));
    const { statusCode, body } = await get(`/report/index/${id}`);
    expect(statusCode).toBe(500);
    expect(body).toContain("Something went wrong");
    expect(body).not.toContain("inside of things");
  });
});

describe("the service", () => {
  it("tells which part is not well", async () => {
    await withCrash();
    expect((await get("/__heartbeat__")).json()).toEqual({ errors: [] });
    open.breakQueue(true);
    const reply = await get("/__heartbeat__");
    expect(reply.statusCode).toBe(503);
    expect(reply.json().errors.map(({ name }: { name: string }) => name)).toEqual(["queue"]);
  });

  it("counts requests by route, not by address", async () => {
    await withCrash();
    await get(`/report/index/${id}`);
    await get("/api/SuperSearch/");
    await get("/nothing/1");
    const { body } = await get("/metrics");
    expect(body).toContain(`webapp_requests_total{route="/report/index/:id",status="200"} 1`);
    expect(body).toContain(`webapp_requests_total{route="/api/SuperSearch/",status="200"} 1`);
    expect(body).toContain(`webapp_requests_total{route="none",status="404"} 1`);
  });
});
