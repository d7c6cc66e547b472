import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

/** A panel: a title, a unit of Grafana's, and queries with how their lines are named. */
interface Panel {
  readonly title: string;
  readonly unit: "short" | "s" | "bytes" | "ops" | "percentunit";
  readonly says: string;
  readonly queries: readonly (readonly [expression: string, legend: string])[];
}

interface Dashboard {
  readonly name: string;
  readonly title: string;
  readonly rows: Readonly<Record<string, readonly Panel[]>>;
}

const quantile = (share: number, metric: string, by = "") =>
  `histogram_quantile(${share}, sum by (le${by === "" ? "" : `, ${by}`}) (rate(${metric}_bucket[$__rate_interval])))`;
const rate = (metric: string, by: string, labels = "") =>
  `sum${by === "" ? "" : ` by (${by})`} (rate(${metric}${labels}[$__rate_interval]))`;

const panel = (title: string, unit: Panel["unit"], says: string, ...queries: Panel["queries"]): Panel => ({
  title,
  unit,
  says,
  queries,
});

const arriving = panel("Reports", "ops", "Answered a second, by outcome.", [
  rate("collector_reports_total", "outcome"),
  "{{outcome}}",
]);
const searchable = panel(
  "Submission to searchable",
  "s",
  "Crashes that are processed again count too.",
  [quantile(0.5, "indexer_searchable_seconds"), "median"],
  [quantile(0.95, "indexer_searchable_seconds"), "p95"],
);
const oldest = panel("Age of the oldest job", "s", "What people wait for.", [
  "max by (queue) (queue_oldest_seconds)",
  "{{queue}}",
]);
const handled = panel("Jobs", "ops", "Taken a second, by queue and outcome.", [
  rate("queue_handled_total", "queue, outcome"),
  "{{queue}} {{outcome}}",
]);
const work = panel("Time of work", "s", "p95 of one attempt.", [
  quantile(0.95, "queue_work_seconds", "queue"),
  "{{queue}}",
]);
const waited = panel("Time of waiting", "s", "p95, from queued to begun.", [
  quantile(0.95, "queue_wait_seconds", "queue"),
  "{{queue}}",
]);
const processing = panel(
  "Time to process a crash",
  "s",
  "From load to save.",
  [quantile(0.5, "processor_crash_seconds"), "median"],
  [quantile(0.95, "processor_crash_seconds"), "p95"],
);
const saving = panel("Time until a report is durable", "s", "What a client waits for.", [
  quantile(0.95, "collector_save_seconds"),
  "p95",
]);
const store = panel("Calls of the store", "s", "p95 by service and call.", [
  quantile(0.95, "store_seconds", "service, call"),
  "{{service}} {{call}}",
]);
const engine = panel("Calls of the search engine", "s", "p95 by service and call.", [
  quantile(0.95, "search_seconds", "service, call"),
  "{{service}} {{call}}",
]);

const dashboards: readonly Dashboard[] = [
  {
    name: "overview",
    title: "Mayday: overview",
    rows: {
      "Is all well?": [
        panel("Services that answer", "short", "1: it answers.", [
          'min by (service) (up{job="mayday"})',
          "{{service}}",
        ]),
        arriving,
        oldest,
        searchable,
      ],
      Processes: [
        panel("Memory", "bytes", "Resident.", ["process_resident_memory_bytes", "{{service}} {{instance}}"]),
        panel("Processor", "percentunit", "Cores in use.", [
          "sum by (service, instance) (rate(process_cpu_seconds[$__rate_interval]))",
          "{{service}} {{instance}}",
        ]),
        panel("Event loop's delay", "s", "p99 since the last look.", [
          'process_event_loop_delay_seconds{quantile="0.99"}',
          "{{service}} {{instance}}",
        ]),
        panel("Garbage collection", "percentunit", "Share of time in pauses.", [
          rate("process_gc_seconds_sum", "service"),
          "{{service}}",
        ]),
      ],
    },
  },
  {
    name: "queues",
    title: "Mayday: queues",
    rows: {
      "What waits": [
        panel("Waiting", "short", "Jobs to be begun.", [
          'max by (queue) (queue_jobs{state="waiting"})',
          "{{queue}}",
        ]),
        panel("Delayed and failed", "short", "To be tried again; set aside.", [
          'max by (queue, state) (queue_jobs{state=~"delayed|failed"})',
          "{{queue}} {{state}}",
        ]),
        panel("Active", "short", "In work.", ['max by (queue) (queue_jobs{state="active"})', "{{queue}}"]),
        oldest,
      ],
      "What is done": [handled, waited, work],
    },
  },
  {
    name: "collector",
    title: "Mayday: collector",
    rows: {
      Reports: [
        arriving,
        panel(
          "Size of reports",
          "bytes",
          "As they arrived.",
          [quantile(0.5, "collector_report_bytes"), "median"],
          [quantile(0.95, "collector_report_bytes"), "p95"],
        ),
        panel("Throttle", "ops", "By rule and result.", [
          rate("collector_throttle_total", "rule, result"),
          "{{rule}} {{result}}",
        ]),
        saving,
      ],
      Journal: [
        panel("Bytes in the journal", "bytes", "Moved or not.", ["collector_journal_bytes", "{{instance}}"]),
        panel("Reports that wait in the journal", "short", "Durable, not in storage yet.", [
          "collector_journal_waiting_entries",
          "{{instance}}",
        ]),
        panel("Time to move a batch", "s", "Into storage.", [
          quantile(0.95, "collector_move_seconds"),
          "p95",
        ]),
      ],
    },
  },
  {
    name: "processor-and-symbols",
    title: "Mayday: processor and symbols",
    rows: {
      Crashes: [
        panel("Crashes", "ops", "Processed a second, by queue and outcome.", [
          rate("processor_crashes_total", "queue, outcome"),
          "{{queue}} {{outcome}}",
        ]),
        processing,
        panel(
          "Symbols, by how they were come by",
          "ops",
          "memory and disk are cached; fetched and built cost.",
          [rate("processor_symbol_files_total", "outcome"), "{{outcome}}"],
        ),
        panel("Symbols that were cached", "percentunit", "Of those that are known.", [
          `${rate("processor_symbol_files_total", "", '{outcome=~"memory|disk"}')} / ${rate("processor_symbol_files_total", "", '{outcome=~"memory|disk|fetched|built"}')}`,
          "cached",
        ]),
      ],
      Store: [store],
    },
  },
  {
    name: "search-and-web",
    title: "Mayday: search and web",
    rows: {
      Index: [
        panel("Crashes indexed", "ops", "A second.", [rate("indexer_crashes_total", ""), "crashes"]),
        panel("Crashes in a batch", "short", "p95.", [quantile(0.95, "indexer_batch_crashes"), "p95"]),
        searchable,
        engine,
      ],
      Web: [
        panel("Requests", "ops", "By status.", [rate("webapp_requests_total", "status"), "{{status}}"]),
        panel("Requests by route", "ops", "The ten most asked.", [
          `topk(10, ${rate("webapp_requests_total", "route")})`,
          "{{route}}",
        ]),
      ],
      Scheduler: [
        panel("Scheduled work", "ops", "By work and outcome.", [
          rate("scheduler_runs_total", "work, outcome"),
          "{{work}} {{outcome}}",
        ]),
      ],
    },
  },
  {
    name: "way-of-a-crash",
    title: "Mayday: one crash's way",
    rows: {
      "In the order of its way": [arriving, saving, waited, processing, work, engine, searchable],
    },
  },
];

/** The dashboards as files: name and JSON. */
export function dashboardFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    dashboards.map((dashboard) => [
      `infra/grafana/dashboards/${dashboard.name}.json`,
      `${JSON.stringify(built(dashboard), null, 2)}\n`,
    ]),
  );
}

function built({ name, title, rows }: Dashboard) {
  const board = new DashboardBuilder(title)
    .uid(`mayday-${name}`)
    .tags(["mayday"])
    .refresh("30s")
    .time({ from: "now-3h", to: "now" })
    .withVariable(new DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus"));
  for (const [row, panels] of Object.entries(rows)) {
    board.withRow(new RowBuilder(row));
    for (const one of panels) board.withPanel(panelOf(one));
  }
  return board.build();
}

function panelOf({ title, unit, says, queries }: Panel): PanelBuilder {
  const made = new PanelBuilder()
    .title(title)
    .description(says)
    .unit(unit)
    .min(0)
    .span(6)
    .height(8)
    .datasource({ type: "prometheus", uid: "$" + "{datasource}" });
  for (const [expression, legend] of queries)
    made.withTarget(new DataqueryBuilder().expr(expression).legendFormat(legend));
  return made;
}
