import { processedSchema } from "@mayday/crash";
import { expect, it } from "vitest";
import { fieldNamed, searchFields, searchFieldsOf } from "./fields.ts";

it("has Super Search's 156 fields, each name once", () => {
  const ofCrashStats = searchFieldsOf(processedSchema);
  expect(new Set(ofCrashStats.map(({ name }) => name)).size).toBe(156);
  expect(new Set(searchFields.map(({ name }) => name)).size).toBe(searchFields.length);
  expect(ofCrashStats).toHaveLength(156);
});

it("finds a field that the crash schema gains, with all that the schema says of it", () => {
  const schema = {
    ...processedSchema,
    moons: {
      type: "object",
      visibility: "protected",
      description: "The moons.",
      properties: {
        phase: {
          type: "strings",
          visibility: "public",
          description: "Their phases.",
          search: {
            name: "moon_phase",
            validation: "enum",
            query: "enum",
            mapping: "keyword",
            choices: ["full"],
          },
        },
      },
    },
  } as const;
  const fields = searchFieldsOf(schema);
  expect(fields).toHaveLength(157);
  expect(fields.at(-1)).toEqual({
    name: "moon_phase",
    path: ["moons", "phase"],
    validation: "enum",
    query: "enum",
    mapping: "keyword",
    isList: true,
    isOfStacks: false,
    choices: ["full"],
    permissions: ["crashstats.view_pii"],
    description: "Their phases.",
  });
});

it("lets everybody use a field that everybody may see in the processed crash, and nobody else any other", () => {
  for (const { path, permissions } of searchFieldsOf(processedSchema)) {
    const outermost = processedSchema[path[0] as keyof typeof processedSchema];
    if (outermost.visibility === "protected") expect(permissions).toEqual(["crashstats.view_pii"]);
  }
  expect(fieldNamed("url")?.permissions).toEqual(["crashstats.view_pii"]);
  expect(fieldNamed("collector_notes")?.permissions).toEqual(["crashstats.view_pii"]);
  expect(fieldNamed("signature")?.permissions).toEqual([]);
});

it("finds fields by the name in the search language, and nothing that objects have by birth", () => {
  expect(fieldNamed("build_id")).toMatchObject({ path: ["build"], validation: "int", query: "integer" });
  for (const name of ["build", "constructor", "__proto__", "toString", ""])
    expect(fieldNamed(name)).toBeUndefined();
});
