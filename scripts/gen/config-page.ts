import { collectorSettings } from "@mayday/collector";
import { type SettingsDeclaration, settingRows } from "@mayday/config";
import { indexerSettings } from "@mayday/indexer";
import { processorSettings } from "@mayday/processor";
import { schedulerSettings } from "@mayday/scheduler";
import { symbolsSettings } from "@mayday/symbols-service";
import { webappSettings } from "@mayday/webapp";
import { upSettings } from "../../services/cli/src/up/settings.ts";
import { printedFrom, table } from "./table.ts";

const services: readonly [string, string, SettingsDeclaration][] = [
  ["The whole pipeline (`npm start`)", "Handed on to every service below.", upSettings],
  ["Collector", "", collectorSettings],
  ["Processor", "", processorSettings],
  ["Symbols", "", symbolsSettings],
  ["Indexer", "", indexerSettings],
  ["Webapp", "", webappSettings],
  ["Scheduler", "", schedulerSettings],
];

export function configPage(): string {
  const sections = services.map(([title, text, declaration]) => {
    const rows = settingRows(declaration).map(({ name, fallback, description }) => [
      `\`${name}\``,
      fallback === "" ? "" : `\`${fallback}\``,
      description,
    ]);
    return [`## ${title}`, ...(text ? [text] : []), table(["setting", "default", "meaning"], rows)].join(
      "\n\n",
    );
  });
  return [
    "# Settings",
    printedFrom("the services' settings.ts"),
    "All settings are environment variables. A name that begins with a service's prefix and is none of its settings is refused at start, and so is a bad value.",
    ...sections,
  ]
    .join("\n\n")
    .concat("\n");
}
