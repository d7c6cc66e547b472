import { MAIN_DUMP, type Permission, parseExactJson } from "@mayday/crash";
import { searchDocument } from "@mayday/search";
import { afterEach, describe, expect, it } from "vitest";
import { crashId, demoProcessed, demoRaw } from "../test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";

const id = crashId(1, now);
const unknown = crashId(2, now);

let open: OpenWebapp;
afterEach(() => open.close());

/** A webapp that holds the demo crash with two dumps. */
async function withCrash(...granted: Permission[]): Promise<void> {
  open = await openWebapp(granted);
  const dumps = new Map([
    [MAIN_DUMP, Buffer.from("MDMP main")],
    ["upload_file_minidump_browser", Buffer.from("MDMP browser")],
  ]);
  await open.storage.saveReport(demoRaw(id, now, [...dumps.keys()]), dumps);
  const processed = demoProcessed(id, now);
  await open.storage.saveProcessed(id, processed);
  await open.engine.add([searchDocument(processed)]);
}

const get = (url: string, headers: Record<string, string> = {}) => open.server.inject({ url, headers });

describe("RawCrash", () => {
  it("gives the annotations without what a user typed or visited", async () => {
    await withCrash();
    const reply = await get(`/api/RawCrash/?crash_id=${id}`);
    expect(reply.statusCode).toBe(200);
    expect(reply.headers["content-type"]).toBe("application/json; charset=UTF-8");
    expect(reply.json()).toMatchObject({ ProductName: "Teapot", uuid: id });
    expect(reply.json()).not.toHaveProperty("Comments");
    expect(reply.json()).not.toHaveProperty("metadata");
  });

  it("gives everything to who may see personal data", async () => {
    await withCrash("view_pii");
    const raw = (await get(`/api/RawCrash/?crash_id=bp-${id}&format=meta`)).json();
    expect(raw.Comments).toMatch(/^I was watching/);
    expect(Object.keys(raw.metadata.dump_checksums)).toContain(MAIN_DUMP);
  });

  it.each(["", "&name=", "&name=dump", `&name=${MAIN_DUMP}`])("gives the main dump for %j", async (name) => {
    await withCrash("view_rawdump");
    const reply = await get(`/api/RawCrash/?crash_id=${id}&format=raw${name}`);
    expect(reply.rawPayload.toString()).toBe("MDMP main");
    expect(reply.headers["content-type"]).toBe("application/octet-stream");
    expect(reply.headers["content-disposition"]).toBe(`attachment; filename="${id}.dmp"`);
  });

  it("gives another dump under its name", async () => {
    await withCrash("view_rawdump");
    const reply = await get(`/api/RawCrash/?crash_id=${id}&format=raw&name=upload_file_minidump_browser`);
    expect(reply.rawPayload.toString()).toBe("MDMP browser");
    expect(reply.headers["content-disposition"]).toContain(`${id}-upload_file_minidump_browser.dmp`);
  });

  it("gives numbers with the digits that came", async () => {
    await withCrash("view_pii");
    const numbers =
      '{"AccountId":1161888007138312193,"Nested":[18446744073709551615],"Ratio":1.10,"Exp":1E5}';
    await open.storage.saveReport({ ...demoRaw(id, now), ...(parseExactJson(numbers) as object) }, new Map());
    const text = (await get(`/api/RawCrash/?crash_id=${id}`)).body;
    for (const [, digits = ""] of numbers.matchAll(/("\w+":[^,}]+)/g)) expect(text).toContain(digits);
    const page = (await get(`/report/index/${id}`)).body;
    for (const digits of ["1161888007138312193", "[18446744073709551615]", "1.10", "1E5"]) {
      expect(page).toContain(`<td>${digits}</td>`);
    }
  });

  it("gives public numbers with the digits that came to everybody, and no others", async () => {
    await withCrash();
    const numbers = '{"OOMAllocationSize":9223372036854775807,"AccountId":1161888007138312193}';
    await open.storage.saveReport({ ...demoRaw(id, now), ...(parseExactJson(numbers) as object) }, new Map());
    const text = (await get(`/api/RawCrash/?crash_id=${id}&pretty=print`)).body;
    expect(text).toContain('"OOMAllocationSize": 9223372036854775807');
    expect(text).not.toContain("1161888007138312193");
  });

  it("gives what is protected under host names that are known, and says so under others", async () => {
    await withCrash("view_pii", "view_rawdump");
    const under = (host: string, query = "") => get(`/api/RawCrash/?crash_id=${id}${query}`, { host });
    expect((await under("crashes.example:8020")).json()).toHaveProperty("Comments");
    // A page of this name sends no Origin: for its browser it asks its own server.
    expect((await under("rebound.example:8020")).json()).not.toHaveProperty("Comments");
    const refused = await under("rebound.example:8020", "&format=raw");
    expect(refused.statusCode).toBe(403);
    expect(refused.json().error).toMatch(/^HOST_NOT_ALLOWED: .*WEBAPP_HOSTS/);
  });

  it("refuses dumps to who may not see them", async () => {
    await withCrash("view_pii");
    const reply = await get(`/api/RawCrash/?crash_id=${id}&format=raw&name=dump`);
    expect(reply.statusCode).toBe(403);
    expect(reply.json()).toEqual({
      error: "Use of this endpoint requires the 'View Raw Dumps' permission",
    });
  });

  it.each(["processed_crash", "raw_crash/20261122", "dump_names", "__proto__", "../x"])(
    "does not take the store's folder %s for a dump",
    async (name) => {
      await withCrash("view_rawdump");
      const reply = await get(`/api/RawCrash/?crash_id=${id}&format=raw&name=${name}`);
      expect(reply.statusCode).toBe(404);
    },
  );

  it("says what is wrong with the parameters", async () => {
    await withCrash();
    const absent = await get("/api/RawCrash/");
    expect(absent.statusCode).toBe(400);
    expect(absent.json()).toEqual({ errors: { crash_id: ["This field is required."] } });
    expect((await get("/api/RawCrash/?crash_id=x")).json()).toEqual({
      errors: { crash_id: ["Enter a valid crash id."] },
    });
    expect((await get(`/api/RawCrash/?crash_id=${id}&format=pdf`)).json()).toHaveProperty("errors.format");
    expect((await get(`/api/RawCrash/?crash_id=%00${id}`)).json()).toEqual({
      errors: { crash_id: ["Null characters are not allowed."] },
    });
  });

  it("names the crash that it does not know", async () => {
    await withCrash();
    const reply = await get(`/api/RawCrash/?crash_id=${unknown}`);
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toEqual({ error: `Not found: CrashIDNotFound ${unknown}` });
  });
});

describe("ProcessedCrash", () => {
  it("gives what everybody may see, whatever else is asked", async () => {
    await withCrash();
    const processed = (await get(`/api/ProcessedCrash/?crash_id=${id}&format=meta&datatype=x`)).json();
    expect(processed).toMatchObject({ uuid: id, signature: "teapot::Texture::index_of" });
    expect(processed).not.toHaveProperty("user_comments");
    expect(processed.json_dump.crashing_thread.frames[0]).not.toHaveProperty("registers");
  });

  it("gives everything to who may see personal data", async () => {
    await withCrash("view_pii");
    const processed = (await get(`/api/ProcessedCrash/?crash_id=${id}`)).json();
    expect(processed).toEqual(JSON.parse(JSON.stringify(demoProcessed(id, now))));
  });

  it("lets no value end a script element", async () => {
    await withCrash();
    await open.storage.saveProcessed(id, demoProcessed(id, now, { reason: "</script>" }));
    const reply = await get(`/api/ProcessedCrash/?crash_id=${id}`);
    expect(reply.body).toContain("<\\/script>");
    expect(reply.json().reason).toBe("</script>");
  });

  it("indents when asked to", async () => {
    await withCrash();
    expect((await get(`/api/ProcessedCrash/?crash_id=${id}&pretty=print`)).body).toMatch(/^\{\n {2}"/);
  });
});

describe("SuperSearch", () => {
  it("finds crashes and counts them", async () => {
    await withCrash();
    const reply = await get(
      "/api/SuperSearch/?product=Teapot&_columns=uuid&_columns=version&_facets=platform",
    );
    expect(reply.json()).toEqual({
      hits: [{ uuid: id, version: "1.4.0" }],
      total: 1,
      facets: { platform: [{ term: "Linux", count: 1 }] },
      errors: [{ type: "missing_index", index: "socorro202645" }],
    });
  });

  it("names the parameter with a bad value", async () => {
    await withCrash();
    const reply = await get("/api/SuperSearch/?build_id=tea");
    expect(reply.statusCode).toBe(400);
    expect(reply.json().error).toBe(
      "Bad request: BadArgumentError: Bad value for parameter build_id: not a valid int",
    );
  });

  it("names a number of the form that is none as a form does", async () => {
    await withCrash();
    const reply = await get("/api/SuperSearch/?_facets_size=many");
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toEqual({ errors: { _facets_size: ["Enter a whole number."] } });
  });

  it("shows a search as it was understood", async () => {
    await withCrash();
    const { query, indices } = (await get("/api/SuperSearch/?uptime=>5&_return_query=1")).json();
    expect(query.filter.of.at(-1)).toEqual({ op: ">", field: "uptime", value: 5 });
    expect(indices).toEqual(["socorro202645", "socorro202646"]);
  });

  it("is whole, under another name, only for viewers who may see what is protected", async () => {
    await withCrash();
    const refused = await get("/api/SuperSearchUnredacted/?_columns=url");
    expect(refused.statusCode).toBe(403);
    expect(refused.json().error).toContain("'View Personal Identifiable Information'");
  });

  it("says that the engine does not answer", async () => {
    await withCrash();
    await open.engine.close();
    const reply = await get("/api/SuperSearch/");
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toEqual({ error: "SEARCH_UNAVAILABLE" });
  });

  it("describes its fields", async () => {
    await withCrash();
    const fields = (await get("/api/SuperSearchFields/")).json();
    expect(fields.platform).toMatchObject({
      name: "platform",
      in_database_name: "os_name",
      data_validation_type: "enum",
      query_type: "enum",
      has_full_version: true,
      webapp_permissions_needed: [],
    });
  });
});

describe("Reprocessing", () => {
  const post = (payload: string, headers: Record<string, string> = {}) =>
    open.server.inject({
      method: "POST",
      url: "/api/Reprocessing/",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      payload,
    });

  it("queues every crash with its ruleset", async () => {
    await withCrash("reprocess_crashes");
    const payload = `crash_ids=${id}&crash_ids=bp-${unknown}%3Aregenerate_signature&crash_ids=${id}:default`;
    const reply = await post(payload);
    expect([reply.statusCode, reply.body]).toEqual([200, "null"]);
    expect(open.published).toEqual([
      ["add", "crashes by id", "default", id, id],
      ["add", "crashes by id", "regenerate_signature", unknown],
    ]);
  });

  it("takes the address of a report for its id", async () => {
    await withCrash("reprocess_crashes");
    await post(new URLSearchParams({ crash_ids: `http://localhost:8020/report/index/${id}` }).toString());
    expect(open.published).toEqual([["add", "crashes by id", "default", id]]);
  });

  it.each([
    [`crash_ids=${id}&crash_ids=tea`, "Crash id 'tea' is not valid."],
    [`crash_ids=${id}:steep`, "Ruleset 'steep' is not valid."],
    [`crash_ids=${id}:toString`, "Ruleset 'toString' is not valid."],
  ])("queues nothing when one of them is wrong: %s", async (payload, why) => {
    await withCrash("reprocess_crashes");
    const reply = await post(payload);
    expect(reply.statusCode).toBe(400);
    expect(reply.json().error).toContain(why);
    expect(open.published).toEqual([]);
  });

  it("wants the permission", async () => {
    await withCrash("view_pii", "view_rawdump");
    const reply = await post(`crash_ids=${id}`);
    expect(reply.statusCode).toBe(403);
    expect(reply.json().error).toContain("'Reprocess Crashes'");
    expect(open.published).toEqual([]);
  });

  it("does nothing for a page of another origin", async () => {
    await withCrash("reprocess_crashes");
    const reply = await post(`crash_ids=${id}`, { origin: "https://elsewhere.example" });
    expect(reply.statusCode).toBe(403);
    expect(open.published).toEqual([]);
  });

  it("says so when the queues do not answer, so that clients try again", async () => {
    await withCrash("reprocess_crashes");
    open.breakQueue(true);
    expect((await post(`crash_ids=${id}`)).statusCode).toBe(503);
  });

  it("answers in JSON to a body that is no form, or too large", async () => {
    await withCrash("reprocess_crashes");
    const json = await post("{}", { "content-type": "application/json" });
    expect([json.statusCode, json.json()]).toEqual([415, { error: expect.any(String) }]);
    const large = await post(`crash_ids=${"x".repeat(2_000_000)}`);
    expect([large.statusCode, large.json()]).toEqual([413, { error: expect.any(String) }]);
  });
});

describe("the API", () => {
  it("says which service it does not have", async () => {
    await withCrash();
    const reply = await get("/api/Teapots/?x=1");
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toEqual({ error: "No service called 'Teapots'" });
  });

  it("leads to the address with a slash and keeps the query", async () => {
    await withCrash();
    const reply = await get(`/api/RawCrash?crash_id=${id}&x=%2F`);
    expect(reply.statusCode).toBe(301);
    expect(reply.headers.location).toBe(`/api/RawCrash/?crash_id=${id}&x=%2F`);
  });

  it("answers 405 to another method", async () => {
    await withCrash();
    const reply = await open.server.inject({ method: "DELETE", url: `/api/RawCrash/?crash_id=${id}` });
    expect(reply.statusCode).toBe(405);
    expect(reply.json()).toEqual({ error: "Method not allowed" });
    expect((await get("/api/Reprocessing/")).statusCode).toBe(405);
  });

  it("may be asked by scripts of any origin, which see what everybody sees", async () => {
    await withCrash("view_pii");
    const url = `/api/RawCrash/?crash_id=${id}`;
    const elsewhere = await get(url, { origin: "https://elsewhere.example", host: "crashes.example" });
    expect(elsewhere.headers["access-control-allow-origin"]).toBe("*");
    expect(elsewhere.json()).not.toHaveProperty("Comments");
    const own = await get(url, { origin: "http://crashes.example", host: "crashes.example" });
    expect(own.json()).toHaveProperty("Comments");
    const preflight = await open.server.inject({ method: "OPTIONS", url });
    expect(preflight.statusCode).toBe(200);
    expect(preflight.headers["access-control-allow-origin"]).toBe("*");
  });

  it("tells where it failed, and not why", async () => {
    await withCrash();
    open.storage.loadProcessedText = () => Promise.reject(new TypeError("the inside of things"));
    const reply = await get(`/api/ProcessedCrash/?crash_id=${id}`);
    expect(reply.statusCode).toBe(500);
    expect(reply.json()).toEqual({
      error: "Internal Server Error",
      path: "/api/ProcessedCrash/",
      query_string: `crash_id=${id}`,
    });
  });
});

describe("CrashSignature", () => {
  const post = (payload: string, type = "application/json") =>
    open.server.inject({
      method: "POST",
      url: "/api/CrashSignature/",
      headers: { "content-type": type },
      payload,
    });
  const frames = [{ function: "abort" }, { function: "void tea::pour(int)", file: "pour.cpp", line: 7 }];
  const job = { os: "Linux", crashing_thread: 0, threads: [{ frames }], original_signature: "x" };

  it.each(["application/json", "application/x-www-form-urlencoded", "text/plain;charset=UTF-8"])(
    "makes the signatures of the jobs of a body that calls itself %s",
    async (type) => {
      await withCrash();
      const reply = await post(JSON.stringify({ jobs: [job, { hang: 1 }] }), type);
      expect(reply.statusCode).toBe(200);
      expect(reply.json()).toEqual({
        results: [
          {
            signature: "abort | tea::pour",
            notes: [],
            extra: { proto_signature: "abort | tea::pour", normalized_frames: ["abort", "tea::pour"] },
          },
          {
            signature: "hang: 1 | EMPTY: no frame data available",
            notes: ["SignatureGenerationRule: CSignatureTool: no frame data for crashing thread (0)"],
            extra: {},
          },
        ],
      });
    },
  );

  it.each(["", "{", "null", "[]", "{}", '{"jobs":[]}', '{"jobs":{}}'])(
    "finds no jobs in %j",
    async (body) => {
      await withCrash();
      const reply = await post(body);
      expect(reply.statusCode).toBe(400);
      expect(reply.json()).toEqual({ error: "no jobs specified" });
    },
  );

  it("names the value that makes a job bad", async () => {
    await withCrash();
    const reply = await post(JSON.stringify({ jobs: [job, { threads: [{ frames: "x" }] }] }));
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toEqual({
      error: "Bad request: CRASH_DATA_INVALID: jobs[1]: threads[0].frames: expected array, received string",
    });
  });

  it("takes bodies of several MB, and refuses too many jobs and too large bodies", async () => {
    await withCrash();
    const long = { threads: [{ frames: [{ function: `f<${"a".repeat(3_000_000)}>` }] }] };
    expect((await post(JSON.stringify({ jobs: [long] }))).json().results[0].signature).toBe("f<T>");
    expect((await post(JSON.stringify({ jobs: Array(1001).fill({}) }))).json()).toEqual({
      error: "at most 1000 jobs at once",
    });
    expect((await post(" ".repeat(11_000_000))).statusCode).toBe(413);
  });

  it("is asked with POST", async () => {
    await withCrash();
    expect((await get("/api/CrashSignature/")).statusCode).toBe(405);
  });
});
