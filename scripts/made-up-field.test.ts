import { type ProcessedField, processedSchema, redactProcessedCrash } from "@mayday/crash";
import { searchFieldsOf } from "@mayday/search";
import { expect, it } from "vitest";
import { schemaPage } from "./gen/schema-page.ts";

const field = (visibility: "public" | "protected"): ProcessedField => ({
  type: "string",
  visibility,
  description: "How the tea was brewed.",
  search: { validation: "str", query: "enum", mapping: "keyword" },
});

it("a field of the table is on the schema page, redacted and searched without another edit", () => {
  const schema = {
    ...processedSchema,
    tea_brewing: field("public"),
    tea_secret: field("protected"),
  };
  const page = schemaPage(schema);
  expect(page).toContain("| `tea_brewing` | string | public | How the tea was brewed. |");
  const tea: object = { tea_brewing: "slowly", tea_secret: "milk first" };
  const seen = redactProcessedCrash(tea, schema);
  expect(seen).toEqual({ tea_brewing: "slowly" });
  const fields = new Map(searchFieldsOf(schema).map((one) => [one.name, one.permissions]));
  expect(fields.get("tea_brewing")).toEqual([]);
  expect(fields.get("tea_secret")).toEqual(["crashstats.view_pii"]);
});
