import { type SearchField, searchFields } from "@mayday/search";
import { found } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** The fields that can be searched, by name, as Super Search describes them. */
export const superSearchFields: Endpoint = {
  name: "SuperSearchFields",
  says: "The fields of searches, and how each is searched.",
  example: "pretty=print",
  method: "GET",
  maxAge: 300,
  answer: async () => found(Object.fromEntries(searchFields.map((field) => [field.name, describe(field)]))),
};

function describe(field: SearchField) {
  return {
    name: field.name,
    description: field.description,
    namespace: ["processed_crash", ...field.path.slice(0, -1)].join("."),
    in_database_name: field.path.at(-1),
    data_validation_type: field.validation,
    query_type: field.query,
    form_field_choices: field.choices,
    has_full_version: field.mapping === "text",
    storage_mapping: storageMapping(field),
    is_exposed: true,
    is_returned: true,
    permissions_needed: field.permissions.length === 0 ? ["public"] : ["protected"],
    webapp_permissions_needed: field.permissions,
  };
}

function storageMapping({ mapping }: SearchField) {
  if (mapping === "text") return { type: "text", fields: { full: { type: "keyword" } } };
  if (mapping === "semicolons") return { type: "text", analyzer: "semicolon_keywords", fielddata: true };
  return { type: mapping };
}
