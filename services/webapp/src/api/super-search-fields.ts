import { type SearchField, searchFields } from "@mayday/search";
import { found } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** The fields that can be searched, by name, as Super Search describes them. */
export const superSearchFields: Endpoint = {
  name: "SuperSearchFields",
  method: "GET",
  answer: async () => found(Object.fromEntries(searchFields.map((field) => [field.name, describe(field)]))),
};

function describe(field: SearchField) {
  return {
    name: field.name,
    namespace: "processed_crash",
    in_database_name: field.source,
    data_validation_type: field.validation,
    query_type: field.query,
    form_field_choices: [],
    has_full_version: field.storage === "text",
    storage_mapping: { type: field.storage },
    is_exposed: true,
    is_returned: true,
    permissions_needed: field.permissions.length === 0 ? ["public"] : ["protected"],
    webapp_permissions_needed: field.permissions,
  };
}
