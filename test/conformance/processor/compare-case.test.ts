import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProcessedCrash, RawCrash } from "@mayday/crash";
import { describe, expect, it } from "vitest";
import type { ProcessorCase } from "./cases.ts";
import { compareCase } from "./compare-case.ts";
import { replay } from "./replay.ts";
import { versionsOf } from "./versions.ts";

const shared =
  process.env["MAYDAY_SHARED_DATA"] ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));
const hasLists = existsSync(`${shared}/socorro-siglists`);

/** What is said of every report without a dump. */
const EMPTY = "SignatureGenerationRule: CSignatureTool: no frame data for crashing thread (0)";

/** A report without a dump. */
const report = (annotations: Record<string, unknown>): ProcessorCase => ({
  name: "test",
  raw: {
    ProductName: "Firefox",
    Version: "142.0",
    URL: "https://example.com",
    CrashTime: "1787220670",
    submitted_timestamp: "2026-08-20T10:11:12.000000+00:00",
    uuid: "de1bb258-cbbf-4589-a673-34f800260820",
    metadata: {},
    ...annotations,
  } as unknown as RawCrash,
  dumps: {},
  previous: undefined,
  expected: {},
  failedRules: {},
  lastWriter: {},
});

/** What ours makes of it, as an answer is written. */
async function answerOf(one: ProcessorCase): Promise<Record<string, unknown>> {
  const processed: ProcessedCrash = await replay(one, { findVersion: versionsOf([]) });
  const {
    started_datetime,
    completed_datetime,
    schema_version,
    processing_history,
    signature_steps,
    ...rest
  } = processed;
  const [, ...notes] = String(rest.processor_notes).split("\n");
  return JSON.parse(JSON.stringify({ ...rest, processor_notes: notes.join("\n") }));
}

describe.skipIf(!hasLists)(
  "comparing a case with its answer (needs the shared data: socorro-siglists)",
  () => {
    it("finds equal what is equal", async () => {
      const one = report({});
      expect(await compareCase({ ...one, expected: await answerOf(one) }, [])).toEqual({
        differs: [],
        named: [],
      });
    });

    it("tells every field that is another, is missing, or is too many", async () => {
      const one = report({});
      const { vendor, product, ...expected } = { vendor: "Mozilla", ...(await answerOf(one)) } as Record<
        string,
        unknown
      >;
      const wrong = { ...expected, vendor, uptime: 1, cpu_count: 0.5 };
      const { differs, named } = await compareCase({ ...one, expected: wrong }, []);
      expect([...differs].sort()).toEqual(["cpu_count", "product", "uptime", "vendor"]);
      expect(named).toEqual([]);
    });

    const aborted = report({ ShutdownReason: ["x"] });
    const failedRules = { CopyFromRawCrashRule: "AttributeError" };
    const failure =
      "ruleset 'default' rule 'socorro.processor.rules.mozilla.CopyFromRawCrashRule' failed: AttributeError";

    it("names a field that one of Socorro's faults explains", async () => {
      const { version, url, ...expected } = await answerOf(aborted);
      const answer = { ...expected, processor_notes: `${failure}\n${EMPTY}` };
      const { differs, named } = await compareCase({ ...aborted, expected: answer, failedRules }, []);
      expect(differs).toEqual([]);
      expect([...named].sort()).toEqual([
        "processor_notes: notes quote no values",
        "url: one value of a wrong type ends the copying of all behind it",
        "version: one value of a wrong type ends the copying of all behind it",
      ]);
    });

    it("does not let that fault explain what it cannot have done", async () => {
      // The product is copied before the value that ends the copying, and uptime is not copied at all.
      const { version, url, product, ...expected } = await answerOf(aborted);
      const answer = { ...expected, uptime: 7, processor_notes: `${failure}\n${EMPTY}` };
      const { differs } = await compareCase({ ...aborted, expected: answer, failedRules }, []);
      expect([...differs].sort()).toEqual(["product", "uptime"]);
    });

    it("does not take a note for one that says something else", async () => {
      const one = report({ SafeMode: "me@example.com" });
      const expected = await answerOf(one);
      const same = {
        ...expected,
        processor_notes: `SafeMode has non-boolean value me@example.com\n${EMPTY}`,
      };
      expect((await compareCase({ ...one, expected: same }, [])).named).not.toEqual([]);
      const other = { ...expected, processor_notes: `StartupCrash has non-boolean value x\n${EMPTY}` };
      expect((await compareCase({ ...one, expected: other }, [])).differs).toEqual(["processor_notes"]);
    });
  },
);
