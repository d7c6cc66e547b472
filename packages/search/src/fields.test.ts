import { processedSchema } from "@mayday/crash";
import { expect, it } from "vitest";
import { fieldNamed, searchFields } from "./fields.ts";

it("takes every field from one that the processed crash has", () => {
  for (const { source } of searchFields) expect(processedSchema).toHaveProperty(source);
});

it("lets everybody use a field that everybody may see in the processed crash, and nobody else any other", () => {
  for (const { source, permissions } of searchFields) {
    const isPublic = processedSchema[source].visibility === "public";
    expect(permissions).toEqual(isPublic ? [] : ["crashstats.view_pii"]);
  }
});

it("finds fields by the name in the search language, and nothing that objects have by birth", () => {
  expect(fieldNamed("build_id")).toMatchObject({ source: "build", validation: "int", query: "integer" });
  for (const name of ["build", "constructor", "__proto__", "toString", ""])
    expect(fieldNamed(name)).toBeUndefined();
});
