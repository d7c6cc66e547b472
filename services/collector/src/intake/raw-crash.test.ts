import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BOUNDARY, extra, formOf, type TestPart } from "../test-support/forms.ts";
import { readCrashReport } from "./crash-report.ts";
import { rawCrashOf } from "./raw-crash.ts";

const now = new Date("2026-08-20T01:02:03.004Z");
const decision = { result: "accept", rule: "accept_everything", percent: 100 } as const;
const id = "00000000-0000-4000-8000-000000260820" as Parameters<typeof rawCrashOf>[0];

/** The raw crash of a report, as text. */
async function rawCrashText(...parts: TestPart[]): Promise<string> {
  const body = formOf(...parts);
  const report = await readCrashReport(body, BOUNDARY, { maxBytes: 1e6, onBytes: () => undefined });
  const submission = { receivedBytes: body.length, compressed: false, userAgent: undefined, decision, now };
  return rawCrashOf(id, report, submission).json.toString();
}
const rawCrash = async (...parts: TestPart[]) => JSON.parse(await rawCrashText(...parts));

const OURS = ["uuid", "version", "submitted_timestamp", "metadata"];
const ours = (raw: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(raw).filter(([name]) => OURS.includes(name)));

describe("a raw crash", () => {
  it("has annotations as they came, but for those that are never kept, and ours", async () => {
    const annotation = fc.constantFrom("ProductName", "Version", "Email", "TelemetryClientId", "uuid");
    const reports = fc.dictionary(
      annotation,
      fc.oneof(fc.string(), fc.integer(), fc.constant({ a: ["b"] })),
      { minKeys: 1, noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(reports, fc.constantFrom(0, 2), async (annotations, space) => {
        const text = Buffer.from(JSON.stringify(annotations, null, space)).toString("latin1");
        const raw = await rawCrash(extra(text));
        const { Email, TelemetryClientId, ...kept } = annotations;
        expect(raw).toEqual({ ...kept, ...ours(raw) });
        expect(raw).toMatchObject({
          uuid: id,
          version: 2,
          submitted_timestamp: "2026-08-20T01:02:03.004000+00:00",
        });
        const removed = [Email, TelemetryClientId].filter((value) => value !== undefined);
        const notes = raw.metadata.collector_notes as string[];
        expect(notes.filter((note) => note.startsWith("Removed "))).toHaveLength(removed.length);
      }),
    );
  });

  it("has ours alone when no annotation is kept", async () => {
    expect(Object.keys(await rawCrash(extra('{ "Email": "a@example.org" }')))).toEqual(OURS);
  });

  it("keeps under other names what the client calls as the collector calls its own, and says so", async () => {
    const raw = await rawCrash(
      extra({ ProductName: "Teapot", metadata: "mine", submitted_timestamp: "never", version: "9.9" }),
    );
    expect(raw).toMatchObject({
      version: 2,
      client_metadata: "mine",
      client_submitted_timestamp: "never",
      client_version: "9.9",
    });
    expect(raw.metadata.collector_notes).toEqual([
      "kept the client's metadata as client_metadata",
      "kept the client's submitted_timestamp as client_submitted_timestamp",
      "kept the client's version as client_version",
    ]);
  });

  it("has the digits that came", async () => {
    const text = await rawCrashText(extra('{"P":"1","Id":1161888007138312193,"Ratio":1.10,"Exp":1E5}'));
    expect(text).toContain('"Id":1161888007138312193,"Ratio":1.10,"Exp":1E5');
  });

  it("says what its attachments are", async () => {
    const log = { name: "app.log", fileName: "app log.txt", type: "text/plain", content: "x" };
    const { metadata } = await rawCrash({ name: "P", content: "1" }, log);
    expect(metadata.attachments).toEqual({
      applog: { part: "app.log", filename: "app log.txt", content_type: "text/plain" },
    });
    expect(Object.keys(metadata.dump_checksums)).toEqual(["applog"]);
  });
});
