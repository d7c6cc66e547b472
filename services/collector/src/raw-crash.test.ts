import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCrashReport } from "./crash-report.ts";
import { rawCrashOf } from "./raw-crash.ts";

const now = new Date("2026-08-20T01:02:03.004Z");
const decision = { result: "accept", rule: "accept_everything", percent: 100 } as const;
const id = "00000000-0000-4000-8000-000000260820" as Parameters<typeof rawCrashOf>[0];

/** The raw crash of a report that says `json`, and what else it says. */
function rawCrash(json: string, { after = "" } = {}): Record<string, unknown> {
  const part = `--b\r\nContent-Disposition: form-data; name="extra"\r\nContent-Type: application/json\r\n\r\n${json}\r\n`;
  const bytes = Buffer.from(`${part}${after}--b--\r\n`);
  const body = { bytes, receivedBytes: bytes.length, compressed: false };
  const raw = rawCrashOf(id, readCrashReport(bytes, "b"), { body, userAgent: undefined, decision, now });
  return JSON.parse(raw.json.toString());
}

const OURS = ["uuid", "version", "submitted_timestamp", "metadata"];
const ours = (raw: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(raw).filter(([name]) => OURS.includes(name)));

describe("a raw crash", () => {
  it("has annotations as they came, but for those that are never kept, and ours behind them", () => {
    const annotation = fc.constantFrom(
      "ProductName",
      "Version",
      "Email",
      "TelemetryClientId",
      "uuid",
      "metadata",
    );
    const reports = fc.dictionary(
      annotation,
      fc.oneof(fc.string(), fc.integer(), fc.constant({ a: ["b"] })),
      {
        minKeys: 1,
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(reports, fc.constantFrom(0, 2), fc.boolean(), (annotations, space, hasText) => {
        const after = hasText ? `--b\r\nContent-Disposition: form-data; name="Text"\r\n\r\nabc\r\n` : "";
        const raw = rawCrash(JSON.stringify(annotations, null, space), { after });
        const { Email, TelemetryClientId, ...kept } = annotations;
        expect(raw).toEqual({ ...kept, ...(hasText ? { Text: "abc" } : {}), ...ours(raw) });
        expect(raw).toMatchObject({
          uuid: id,
          version: 2,
          submitted_timestamp: "2026-08-20T01:02:03.004000+00:00",
        });
        const removed = [Email, TelemetryClientId].filter((value) => value !== undefined);
        const notes = (raw["metadata"] as { collector_notes: string[] }).collector_notes;
        expect(notes.filter((note) => note.startsWith("Removed "))).toHaveLength(removed.length);
      }),
    );
  });

  it("has ours alone when no annotation is kept", () => {
    expect(Object.keys(rawCrash('{ "Email": "a@example.org" }'))).toEqual(OURS);
  });

  it("is readable whatever stands before and behind the report's JSON", () => {
    expect(rawCrash('\u{feff} {"ProductName":"{}"} \n')).toMatchObject({ ProductName: "{}", uuid: id });
  });
});
