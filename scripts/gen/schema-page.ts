import { annotations, type ProcessedField, processedSchema } from "@mayday/crash";
import { printedFrom, table } from "./table.ts";

export function schemaPage(): string {
  return [
    "# Documents and their fields",
    printedFrom("packages/crash/src/schema"),
    "## The processed crash",
    "Any field may be absent. Protected fields, and fields that are not named here, are shown only to viewers with the permission `view_pii`.",
    table(
      ["field", "type", "visibility", "what it is", "from the annotation", "searched as"],
      fieldRows(processedSchema),
    ),
    "## Annotations",
    "What a client says of a crash. A client may send others; they are kept, and shown only to viewers with the permission `view_pii`.",
    table(
      ["annotation", "visibility", "what it is"],
      Object.entries(annotations).map(([name, { visibility, description }]) => [
        `\`${name}\``,
        visibility,
        cell(description),
      ]),
    ),
  ]
    .join("\n\n")
    .concat("\n");
}

function fieldRows(fields: Readonly<Record<string, ProcessedField>>, within = ""): string[][] {
  return Object.entries(fields).flatMap(([name, field]) => [
    [
      `\`${within}${name}\``,
      field.type,
      field.visibility,
      cell(field.description),
      field.source === undefined ? "" : `\`${field.source}\``,
      field.search === undefined ? "" : `\`${field.search.name ?? name}\`, ${field.search.mapping}`,
    ],
    ...fieldRows(field.properties ?? {}, `${within}${name}.`),
  ]);
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
