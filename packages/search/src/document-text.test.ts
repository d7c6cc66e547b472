import { type CrashId, exactNumber } from "@mayday/crash";
import { expect, it } from "vitest";
import { searchDocument } from "./document.ts";
import { documentIn, documentText } from "./document-text.ts";

it("a document is the same after it was text, numbers of more digits than JavaScript's and lists included", () => {
  const document = searchDocument({
    uuid: "de1bb258-cbbf-4589-a673-34f800260820" as CrashId,
    date_processed: "2026-08-20T10:11:12.123456+00:00",
    total_physical_memory: exactNumber("9223372036854775807"),
    uptime: 12,
    uptime_ts: 0.1,
    addons: ["a:1", "b:2"],
    safe_mode: true,
    signature: "a\u2028b",
  });
  expect(document.fields["total_physical_memory"]).toBe(9223372036854775807n);
  expect(documentIn(documentText(document))).toEqual(document);
});
