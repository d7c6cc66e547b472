import { type ProcessedField, processedSchema } from "@mayday/crash";
import { printedFrom, table } from "./table.ts";

export function schemaPage(): string {
  const rows = Object.entries<ProcessedField>(processedSchema).map(([name, { type, visibility, source }]) => [
    `\`${name}\``,
    type,
    visibility,
    source === undefined ? "" : `\`${source}\``,
  ]);
  return [
    "# The processed crash",
    printedFrom("packages/crash/src/processed-schema.ts"),
    "Any field may be absent. Protected fields, and fields that are not named here, are shown only to viewers with the permission `view_pii`.",
    table(["field", "type", "visibility", "copied from the annotation"], rows),
  ]
    .join("\n\n")
    .concat("\n");
}
