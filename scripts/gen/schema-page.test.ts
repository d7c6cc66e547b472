import { processedSchema } from "@mayday/crash";
import { describe, expect, it } from "vitest";
import { makersOf, oursAlone, SOCORROS_FIELDS, schemaPage } from "./schema-page.ts";

describe("the page of the schema", () => {
  it("names who makes each field, and there is nobody's", () => {
    const nobodys = Object.keys(processedSchema).filter((name) => makersOf(name).length === 0);
    expect(nobodys).toEqual([]);
    const unmade = schemaPage()
      .split("\n## The processed ping")[0]!
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .filter((line) => line.replaceAll("\\|", "").split("|")[5]!.trim() === "");
    expect(unmade).toEqual([]);
  });

  it("has all of Socorro's fields", () => {
    const ours = new Set<string>(oursAlone);
    const names = Object.keys(processedSchema).filter((name) => !ours.has(name));
    // And the walk of the browser's dump, as of any further one.
    expect(names.length + 1).toBe(SOCORROS_FIELDS);
    expect(schemaPage()).toContain("`upload_file_minidump_…`");
  });
});
