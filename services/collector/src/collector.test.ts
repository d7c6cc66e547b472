import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { parseCrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { afterAll, describe, expect, it, vi } from "vitest";
import { BUSY_MS, openStand, TOKEN } from "./test-support/stand.ts";

const stand = await openStand();
afterAll(() => stand.close());
const { store, storage, queued } = stand;

const firefox = { ProductName: "Firefox", ReleaseChannel: "nightly" };
const multipart = "multipart/form-data; boundary=b1";

function body(annotations: Record<string, string>, dump = "MDMP"): Buffer {
  const parts = Object.entries(annotations).map(
    ([name, value]) => `--b1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return Buffer.from(
    `${parts.join("")}--b1\r\nContent-Disposition: form-data; name="upload_file_minidump"; filename="x.dmp"\r\n` +
      `Content-Type: application/octet-stream\r\n\r\n${dump}\r\n--b1--\r\n`,
  );
}

async function post(url: string, content: Uint8Array | string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/submit`, {
    method: "POST",
    headers: { "content-type": multipart, ...headers },
    body: content as Uint8Array<ArrayBuffer>,
  });
  return { status: response.status, text: await response.text() };
}

const idIn = (text: string) => parseCrashId(/^CrashID=(.*)\n$/.exec(text)?.[1] ?? "");

describe("a report that is taken", () => {
  it("is stored, with what the collector knows of it, and queued", async () => {
    const url = await stand.start();
    const content = body({ ...firefox, Email: "me@example.com" });
    const { status, text } = await post(url, content, { "user-agent": "crashreporter/1" });
    expect(status).toBe(200);
    expect(text).toMatch(/^CrashID=bp-[0-9a-f-]{29}0260820\n$/);
    const id = idIn(text)!;
    const report = await stand.stored(id);
    expect(report.raw).toEqual({
      ...firefox,
      uuid: id,
      version: 2,
      submitted_timestamp: "2026-08-20T10:11:12.123000+00:00",
      metadata: {
        payload: "multipart",
        payload_compressed: "0",
        payload_size: content.length,
        collector_notes: ["Removed Email from raw crash."],
        dump_checksums: {
          upload_file_minidump: "0bb2fcd163de4d5e0b8bebb54a4613f8693b546003870b8465a882cf080684f4",
        },
        user_agent: "crashreporter/1",
        throttle_rule: "is_nightly",
        throttle_percent: 100,
      },
    });
    expect(Buffer.from(report.dumps.get("upload_file_minidump") ?? []).toString()).toBe("MDMP");
    await vi.waitFor(() => expect(queued).toContain(id), BUSY_MS);
  });

  it("may be gzipped", async () => {
    const content = gzipSync(body(firefox));
    const { text } = await post(await stand.start(), content, { "content-encoding": "gzip" });
    const { raw } = await stand.stored(idIn(text)!);
    expect(raw.metadata).toMatchObject({ payload_compressed: "1", payload_size: content.length });
  });

  it("may come in chunks without a length, as Crashpad sends it", async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(body(firefox));
        controller.close();
      },
    });
    const response = await fetch(`${await stand.start()}/submit`, {
      method: "POST",
      headers: { "content-type": multipart },
      body: stream,
      duplex: "half",
    } as RequestInit);
    expect(await response.text()).toMatch(/^CrashID=bp-/);
  });

  it("is answered with its id when the queue is down: the sweep finds it", async () => {
    stand.queueWorks = false;
    const url = await stand.start();
    const { text } = await post(url, body(firefox));
    await stand.stored(idIn(text)!);
    expect((await fetch(`${url}/__heartbeat__`)).status).toBe(503);
    stand.queueWorks = true;
    expect((await fetch(`${url}/__heartbeat__`)).status).toBe(200);
  });

  it("of an old B2G client is answered with an id and dropped", async () => {
    const { text } = await post(await stand.start(), body({ ProductName: "B2G" }));
    expect(text).toMatch(/3260820\n$/);
    expect(await storage.loadRawCrash(idIn(text)!)).toBeUndefined();
  });
});

describe("a report that is not taken", () => {
  it("is told the throttle rule that rejected it", async () => {
    const answer = await post(await stand.start(), body({ ProductName: "firefox" }));
    expect(answer).toEqual({ status: 200, text: "Discarded=rule_unsupported_product" });
  });

  it.each([
    ["a wrong content type", body(firefox), { "content-type": "application/json" }, "wrong_content_type"],
    ["no content type", body(firefox), { "content-type": "" }, "no_content_type"],
    ["no boundary", body(firefox), { "content-type": "multipart/form-data" }, "no_boundary"],
    [
      "another boundary",
      body(firefox),
      { "content-type": "multipart/form-data; boundary=zz" },
      "invalid_payload_structure",
    ],
    ["no body", "", {}, "no_content_length"],
    ["gzip that is none", body(firefox), { "content-encoding": "gzip" }, "bad_gzip"],
    ["gzip that is cut", gzipSync(body(firefox)).subarray(0, 60), { "content-encoding": "gzip" }, "bad_gzip"],
    ["gzip without the header", gzipSync(body(firefox)), {}, "invalid_payload_structure"],
    ["no annotations", body({}), {}, "no_annotations"],
  ])("for %s is told why", async (_what, content, headers, reason) => {
    const answer = await post(await stand.start(), content, headers as unknown as Record<string, string>);
    expect(answer.status).toBe(400);
    // The first line is Antenna's, the second says what is wrong.
    expect(answer.text).toMatch(new RegExp(`^Discarded=malformed_${reason}\\n.+\\n$`));
  });

  it("passes at the limit and is answered 413 one byte above it", async () => {
    const url = await stand.start();
    const frame = body(firefox, "").length;
    const atLimit = body(firefox, "x".repeat(100_000 - frame));
    expect(atLimit).toHaveLength(100_000);
    expect((await post(url, atLimit)).status).toBe(200);
    expect((await post(url, body(firefox, "x".repeat(100_001 - frame)))).status).toBe(413);
  });

  it("is answered 413 when it is too large decompressed", async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_001));
    const { status, text } = await post(await stand.start(), bomb, { "content-encoding": "gzip" });
    expect({ status, text }).toMatchObject({ status: 413, text: expect.stringContaining("1000000 bytes") });
  });

  it("is answered 415 when nobody knows how it is compressed", async () => {
    const answer = await post(await stand.start(), body(firefox), { "content-encoding": "compress" });
    expect(answer.status).toBe(415);
  });

  it("is answered 413 also when it does not say its length", async () => {
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(Buffer.alloc(20_000));
      },
    });
    const send = fetch(`${await stand.start()}/submit`, {
      method: "POST",
      headers: { "content-type": multipart },
      body: stream,
      duplex: "half",
    } as RequestInit);
    // The endless stream may meet the closed connection before the reply is read: both end it.
    const status = await send.then(
      (response) => response.status,
      () => 413,
    );
    expect(status).toBe(413);
  });

  it.each([
    [500, "the disk of the journal fails", new Error("EIO")],
    [503, "the journal is full", new MaydayError("JOURNAL_FULL")],
  ])("is answered %i when %s and storage is away", async (status, _what, error) => {
    const url = await stand.start({
      journal: { append: () => Promise.reject(error) },
      store: { ...store, putGroups: () => Promise.reject(new MaydayError("STORAGE_UNAVAILABLE")) },
    });
    const response = await fetch(`${url}/submit`, {
      method: "POST",
      headers: { "content-type": multipart },
      body: body(firefox) as Uint8Array<ArrayBuffer>,
    });
    expect({ status: response.status, text: await response.text() }).toEqual({ status, text: "" });
    expect(response.headers.get("retry-after")).toBe(status === 503 ? "60" : null);
  });

  it("is not refused for a full journal when storage takes it", async () => {
    const url = await stand.start({
      journal: { append: () => Promise.reject(new MaydayError("JOURNAL_FULL")) },
    });
    const { text } = await post(url, body(firefox));
    expect(await storage.loadRawCrash(idIn(text)!)).toBeDefined();
  });
});

describe("the HTTP face", () => {
  /** Sends bytes over one connection and returns all that is answered until it ends. */
  const exchange = async (url: string, bytes: string | Buffer) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(bytes);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    return Buffer.concat(chunks).toString("latin1");
  };
  const head = (length: number, more = "") =>
    `POST /submit HTTP/1.1\r\nHost: x\r\nContent-Type: ${multipart}\r\nContent-Length: ${length}\r\n${more}\r\n`;

  it("tells a client that asks first that its body will not fit", async () => {
    const answer = await exchange(await stand.start(), head(100_001, "Expect: 100-continue\r\n"));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it("lets a client go on that asks first and whose body fits", async () => {
    const socket = connect(Number(new URL(await stand.start()).port), "127.0.0.1");
    const content = body(firefox);
    socket.write(head(content.length, "Expect: 100-continue\r\nConnection: close\r\n"));
    const [first] = (await once(socket, "data")) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1.1 100 /);
    socket.write(content);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each([
    [0, "malformed_no_content_length"],
    [20, "malformed_invalid_payload_structure"],
  ])("answers a body whole that is longer than its length of %i", async (length, reason) => {
    const content = body(firefox).toString("latin1");
    const answer = await exchange(await stand.start(), Buffer.from(head(length) + content, "latin1"));
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(answer).toMatch(new RegExp(`\\r\\n\\r\\nDiscarded=${reason}\\n[^\\r]+\\n$`));
  });

  it.each(["/submit/", "//submit", "/submit?x=1"])("takes reports at %s", async (path) => {
    const response = await fetch((await stand.start()) + path, {
      method: "POST",
      headers: { "content-type": multipart },
      body: body(firefox) as Uint8Array<ArrayBuffer>,
    });
    expect(await response.text()).toMatch(/^CrashID=bp-/);
  });

  it("says where reports go to who sends them elsewhere", async () => {
    const response = await fetch(`${await stand.start()}/post`, { method: "POST", body: "x" });
    expect([response.status, await response.text()]).toEqual([
      404,
      "Not found. Crash reports go to POST /submit\n",
    ]);
  });
});

describe("a report that names its crash id", () => {
  const uuid = "de1bb258-cbbf-4589-a673-34f800160918";

  it("is refused from anybody", async () => {
    const answer = await post(await stand.start(), body({ ...firefox, uuid }));
    expect(answer).toEqual({
      status: 401,
      text: "Discarded=unauthorized_uuid\nonly a trusted resubmitter may name the crash id\n",
    });
  });

  it("is taken under that id from the resubmitter", async () => {
    const authorization = `Bearer ${TOKEN}`;
    const { text } = await post(await stand.start(), body({ ...firefox, uuid }), { authorization });
    expect(text).toBe(`CrashID=bp-${uuid}\n`);
  });

  it("is refused from the resubmitter when the id is none", async () => {
    const authorization = `Bearer ${TOKEN}`;
    const url = await stand.start();
    for (const bad of ["x", `${uuid.slice(0, -6)}261399`, `${uuid.slice(0, -6)}260230`]) {
      const answer = await post(url, body({ ...firefox, uuid: bad }), { authorization });
      expect(answer.text).toMatch(/^Discarded=malformed_invalid_uuid\n/);
    }
  });

  it("is refused when the collector knows no resubmitter", async () => {
    const url = await stand.start({ resubmitterToken: "" });
    const answer = await post(url, body({ ...firefox, uuid }), { authorization: "Bearer " });
    expect(answer.status).toBe(401);
  });
});
