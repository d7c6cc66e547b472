import { metricsList } from "@mayday/observability";
import { printedFrom, table } from "./table.ts";

export function metricsPage(): string {
  const rows = Object.entries(metricsList).map(([name, { kind, labels, says }]) => [
    `\`${name}\``,
    kind,
    labels.map((label) => `\`${label}\``).join(", "),
    says,
  ]);
  return [
    "# Metrics",
    printedFrom("packages/observability/src/metrics-list.ts"),
    "Every service answers `/metrics` in Prometheus' text format. Times are seconds, sizes bytes.",
    table(["metric", "kind", "labels", "meaning"], rows),
  ]
    .join("\n\n")
    .concat("\n");
}
