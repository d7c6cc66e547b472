import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { createPingStorage, type StoredPing } from "@mayday/storage";
import { afterAll, describe, expect, it, vi } from "vitest";
import { BUSY_MS, openStand } from "../test-support/stand.ts";

const stand = await openStand();
afterAll(() => stand.close());
const url = await stand.start();

const shared =
  process.env["MAYDAY_SHARED_DATA"] ?? fileURLToPath(new URL("../../../../../shared/data", import.meta.url));
const recorded = join(shared, "firefox-esr-153/pings");

let count = 0;
const newId = () => `08200776-0fff-4c57-ad59-${String(++count).padStart(12, "0")}`;
const glean = {
  ping_info: {
    seq: 1,
    start_time: "2026-11-22T10:25:07.000+00:00",
    end_time: "2026-11-22T10:25:59.225+00:00",
  },
  client_info: { telemetry_sdk_build: "67.3.2" },
  metrics: { string: { "crash.process_type": "main" } },
};
const telemetry = (id: string) => ({ type: "crash", id, version: 4, payload: { crashId: "x" } });
const gleanPath = (id: string) => `/submit/firefox-crashreporter/crash/1/${id}`;
const telemetryPath = (id: string) => `/submit/telemetry/${id}/crash/Firefox/153.7.0/esr/20261103151912`;

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const content = body instanceof Uint8Array || typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: content as Uint8Array<ArrayBuffer>,
  });
  return { status: response.status, text: await response.text() };
}

/** All that is in storage, each as often as it is there. */
async function kept(): Promise<StoredPing[]> {
  const pings = createPingStorage(stand.store);
  const found: StoredPing[] = [];
  for await (const batch of pings.listBatches("20260820")) found.push(...((await pings.load(batch)) ?? []));
  return found;
}

const stored = (id: string) =>
  vi.waitFor(async () => {
    const ping = (await kept()).find(({ documentId }) => documentId === id);
    expect(ping).toBeDefined();
    return ping;
  }, BUSY_MS);

describe("a crash ping", () => {
  it("of Glean is stored under its day", async () => {
    const id = newId();
    expect(
      await post(gleanPath(id), gzipSync(JSON.stringify(glean)), { "content-encoding": "gzip" }),
    ).toEqual({
      status: 200,
      text: "",
    });
    expect(await stored(id)).toMatchObject({
      documentId: id,
      kind: "glean",
      address: { application: "firefox-crashreporter", version: "1" },
      receivedAt: "2026-08-20T10:11:12.123000+00:00",
      ping: glean,
    });
  });

  it("of the older telemetry comes gzipped under the type of a form", async () => {
    const id = newId();
    const headers = { "content-type": "application/x-www-form-urlencoded", "content-encoding": "gzip" };
    const { status } = await post(
      `${telemetryPath(id)}?v=4`,
      gzipSync(JSON.stringify(telemetry(id))),
      headers,
    );
    expect(status).toBe(200);
    expect(await stored(id)).toMatchObject({
      kind: "telemetry",
      address: { application: "Firefox", version: "153.7.0", channel: "esr", buildId: "20261103151912" },
      ping: { type: "crash" },
    });
  });

  it("that is sent again is answered alike", async () => {
    const id = newId();
    await post(gleanPath(id), glean);
    await stored(id);
    expect((await post(gleanPath(id.toUpperCase()), glean)).status).toBe(200);
    expect(stand.queued).toEqual([]);
  });

  it("that asks for deletion is kept as such", async () => {
    const id = newId();
    await post(`/submit/firefox-desktop/deletion-request/1/${id}`, glean);
    expect(await stored(id)).toMatchObject({ asks: "deletion" });
  });

  it.each<[string, string, unknown, Record<string, string>, string]>([
    ["a document id that is none", gleanPath("x"), glean, {}, "ping_invalid_address"],
    ["an odd application", `/submit/a%3Cb/crash/1/${newId()}`, glean, {}, "ping_invalid_address"],
    ["no JSON", gleanPath(newId()), "{", {}, "ping_invalid_json"],
    ["an empty body", gleanPath(newId()), "", {}, "ping_invalid_json"],
    ["JSON that is no ping", gleanPath(newId()), { a: 1 }, {}, "ping_invalid_value\\n.*: ping_info"],
    [
      "another type",
      telemetryPath(newId()),
      { ...telemetry(""), type: "main" },
      {},
      "ping_invalid_value\\n.*: type",
    ],
    ["another's id", telemetryPath(newId()), telemetry(newId()), {}, "ping_invalid_value\\n.*: id"],
    ["broken gzip", gleanPath(newId()), glean, { "content-encoding": "gzip" }, "ping_bad_gzip"],
  ])("with %s is answered 400 with the reason", async (_what, path, body, headers, reason) => {
    const { status, text } = await post(path, body, headers);
    expect(status).toBe(400);
    expect(text).toMatch(new RegExp(`^Discarded=${reason}`));
  });

  it("over the limit is answered 413, as it comes and decompressed", async () => {
    const bomb = gzipSync(Buffer.alloc(60_000));
    expect((await post(gleanPath(newId()), bomb, { "content-encoding": "gzip" })).status).toBe(413);
    expect((await post(gleanPath(newId()), "x".repeat(50_001))).status).toBe(413);
  });

  it.skipIf(!existsSync(recorded))("that Firefox queued is taken (needs the shared data)", async () => {
    const files = readdirSync(recorded);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const [path = "", body = ""] = readFileSync(join(recorded, file), "utf8").split("\n");
      const headers = { "content-encoding": "gzip" };
      expect(await post(path, gzipSync(body), headers)).toEqual({ status: 200, text: "" });
      expect((await stored(path.split("/").at(-1) ?? ""))?.ping).toEqual(JSON.parse(body));
    }
  });
});
