import { annotations, type ProcessedField, processedSchema } from "@mayday/crash";
import { rulesets } from "../../services/processor/src/rulesets.ts";
import { printedFrom, table } from "./table.ts";

/** @param schema the processed crash's table */
export function schemaPage(schema: Readonly<Record<string, ProcessedField>> = processedSchema): string {
  return [
    "# Documents and their fields",
    printedFrom("packages/crash/src/schema"),
    "## The processed crash",
    "Any field may be absent. Protected fields, and fields that are not named here, are shown only to viewers with the permission `view_pii`.",
    table(
      ["field", "type", "visibility", "what it is", "made by", "from the annotation", "searched as"],
      fieldRows(schema),
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
      within === "" ? makersOf(name) : "",
      field.source === undefined ? "" : `\`${field.source}\``,
      field.search === undefined ? "" : `\`${field.search.name ?? name}\`, ${field.search.mapping}`,
    ],
    ...fieldRows(field.properties ?? {}, `${within}${name}.`),
  ]);
}

/** The rules that write a field, in their order; what no rule writes is the pipeline's own. */
function makersOf(name: string): string {
  const makers = rulesets.default.filter(({ writes }) => (writes as readonly string[]).includes(name));
  return makers.length === 0 ? "the pipeline" : makers.map((rule) => rule.name).join(", ");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
