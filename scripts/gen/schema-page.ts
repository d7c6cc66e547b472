import {
  annotations,
  type PingSource,
  type ProcessedField,
  type ProcessedFieldName,
  pingSources,
  processedPingSchema,
  processedSchema,
} from "@mayday/crash";
import { madeByPipeline } from "../../services/processor/src/process-crash.ts";
import { rulesets } from "../../services/processor/src/rulesets.ts";
import { printedFrom, table } from "./table.ts";

/** @param schema the processed crash's table */
export function schemaPage(schema: Readonly<Record<string, ProcessedField>> = processedSchema): string {
  return [
    "# Documents and their fields",
    printedFrom("packages/crash/src/schema"),
    "## The processed crash",
    "Any field may be absent. Protected fields, and fields that are not named here, are shown only to viewers with the permission `view_pii`.",
    `Every field is made by the rules that it names, or by the pipeline around them. All ${SOCORROS_FIELDS} of Socorro's are here; ours alone are ${oursAlone.map((name) => `\`${name}\``).join(", ")}.`,
    table(
      ["field", "type", "visibility", "what it is", "made by", "from the annotation", "searched as"],
      [...fieldRows(schema), FURTHER_DUMP],
    ),
    "## The processed ping",
    "What it shares with the processed crash has the same name, type, visibility and place in searches.",
    table(
      ["field", "type", "visibility", "what it is", "from Glean", "from telemetry", "searched as"],
      pingRows(),
    ),
    "## The rules",
    "In the order in which they run. A field is absent where nothing that its rules read is there: an annotation that the client did not send, or another field; so a Linux crash has no field of a Mac's boot arguments, and one without PHC annotations none of PHC's.",
    table(
      ["rule", "reads annotations", "reads fields", "writes"],
      rulesets.default.map((rule) => [
        rule.name,
        rule.annotations === "all" ? "all" : listed(rule.annotations),
        listed(rule.reads),
        listed(rule.writes),
      ]),
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

/** How many fields Socorro's schema of the processed crash has. */
export const SOCORROS_FIELDS = 166;

/** Fields that Socorro has not. */
export const oursAlone = [
  "schema_version",
  "signature_steps",
  "processing_history",
  "phc_alloc_frames",
  "phc_free_frames",
] as const satisfies readonly ProcessedFieldName[];

/** A field for each further dump; Socorro's schema names the browser's alone. */
const FURTHER_DUMP = [
  "`upload_file_minidump_…`",
  "object",
  "as its fields",
  "The walk of a further dump, by the dump's name, as that of the main one: `json_dump`, `mdsw_status_string` and so on.",
  "MinidumpStackwalkRule",
  "",
  "",
];

function fieldRows(
  fields: Readonly<Record<string, ProcessedField>>,
  within = "",
  makers?: string,
): string[][] {
  return Object.entries(fields).flatMap(([name, field]) => [
    [
      `\`${within}${name}\``,
      field.type,
      field.visibility,
      cell(field.description),
      makers ?? makersOf(name).join(", "),
      field.source === undefined ? "" : `\`${field.source}\``,
      field.search === undefined ? "" : `\`${field.search.name ?? name}\`, ${field.search.mapping}`,
    ],
    ...fieldRows(field.properties ?? {}, `${within}${name}.`, makers ?? makersOf(name).join(", ")),
  ]);
}

/** A ping says under names of its own what a report says in an annotation. */
function pingRows(): string[][] {
  return Object.entries(processedPingSchema).map(([name, field]) => {
    const { glean, telemetry }: PingSource = field.source === undefined ? {} : (sources[field.source] ?? {});
    return [
      `\`${name}\``,
      field.type,
      field.visibility,
      cell(field.description),
      glean === undefined ? "" : `\`${glean.join(" ")}\``,
      telemetry === undefined ? "" : `\`${telemetry.join(".")}\``,
      field.search === undefined ? "" : `\`${field.search.name ?? name}\`, ${field.search.mapping}`,
    ];
  });
}

const sources: Readonly<Record<string, PingSource>> = pingSources;

/** Who makes a field: the rules that write it, in their order, and the pipeline around them. */
export function makersOf(name: string): string[] {
  const rules = rulesets.default.filter(({ writes }) => (writes as readonly string[]).includes(name));
  const isOwn = (madeByPipeline as readonly string[]).includes(name);
  return [...rules.map((rule) => rule.name), ...(isOwn ? ["the pipeline"] : [])];
}

/** Names; of many, the first, since the table of fields has them all. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => `\`${name}\``);
  return [...shown, ...(names.length > MOST_NAMES ? [`and ${names.length - MOST_NAMES} more`] : [])].join(
    ", ",
  );
}

const MOST_NAMES = 12;

const cell = (text: string): string => text.replaceAll("|", "\\|");
