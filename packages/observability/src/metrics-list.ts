/**
 * Every metric there is. A name that is not here does not compile; docs/metrics.md is printed from this table.
 * Times are seconds, sizes bytes, as Prometheus wants them.
 */
export const metricsList = {
  collector_reports_total: {
    kind: "counter",
    says: "Crash reports answered, by outcome (accept, reject, fakeaccept, malformed, aborted, failed).",
    labels: ["outcome"],
  },
  collector_malformed_total: {
    kind: "counter",
    says: "Reports refused as malformed, by reason.",
    labels: ["reason"],
  },
  collector_throttle_total: {
    kind: "counter",
    says: "Well-formed reports by the throttle rule that decided, and what it decided.",
    labels: ["rule", "result"],
  },
  collector_pings_total: {
    kind: "counter",
    says: "Crash pings answered, by kind (glean, telemetry) and outcome (accept, unknown_product, malformed, aborted, failed).",
    labels: ["kind", "outcome"],
  },
  collector_report_bytes: {
    kind: "histogram",
    says: "Size of report bodies as they arrived.",
    labels: [],
    buckets: [1e4, 1e5, 2.5e5, 5e5, 1e6, 2.5e6, 5e6, 1e7, 2.5e7],
  },
  collector_save_seconds: {
    kind: "histogram",
    says: "Time to make a report durable.",
    labels: [],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
  },
  collector_journal_failures_total: {
    kind: "counter",
    says: "Reports that the journal did not take (full, or its disk fails); they went straight to storage.",
    labels: [],
  },
  collector_journal_damaged_total: {
    kind: "counter",
    says: "Entries of the journal that could not be read back; their files are kept as `.damaged`.",
    labels: [],
  },
  collector_journal_bytes: {
    kind: "gauge",
    says: "Bytes that stand in the journal, moved or not; those of a file go when all its reports are moved.",
    labels: [],
  },
  collector_journal_waiting_entries: {
    kind: "gauge",
    says: "Reports and pings that are durable and not found in storage yet: they wait in the journal.",
    labels: [],
  },
  collector_move_seconds: {
    kind: "histogram",
    says: "Time to put a batch of reports from the journal into storage.",
    labels: [],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  collector_move_failures_total: {
    kind: "counter",
    says: "Batches that storage did not take; they are tried again until it does.",
    labels: [],
  },
  collector_publish_failures_total: {
    kind: "counter",
    says: "Reports that were saved and could not be queued; the sweep queues them.",
    labels: [],
  },
  processor_pings_total: {
    kind: "counter",
    says: "Crash pings by outcome (processed; repeated: twice in a batch; damaged).",
    labels: ["outcome"],
  },
  processor_crashes_total: {
    kind: "counter",
    says: "Crashes processed, by queue and outcome (processed, not_found, failed).",
    labels: ["queue", "outcome"],
  },
  processor_crash_seconds: {
    kind: "histogram",
    says: "Time to process a crash, from load to save.",
    labels: [],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
  },
  processor_rule_failures_total: {
    kind: "counter",
    says: "Processing rules that failed; the rules after them still ran.",
    labels: ["rule"],
  },
  processor_symbol_files_total: {
    kind: "counter",
    says: "Symbol files asked for while walking, by outcome (memory, disk, fetched, built, unsaved, damaged, missing, malformed).",
    labels: ["outcome"],
  },
  symbols_proxy_total: {
    kind: "counter",
    says: "Symbol files asked of SYMBOL_SOURCES for downloads (SYMBOLS_PROXY), by outcome: kept, unkept (passed on, but the store did not take it), missing, away (a source did not answer or sent something else), broken (it broke on its way).",
    labels: ["outcome"],
  },
  indexer_pings_total: {
    kind: "counter",
    says: "Processed pings written to the search engine.",
    labels: [],
  },
  indexer_crashes_total: {
    kind: "counter",
    says: "Processed crashes put into the search index.",
    labels: [],
  },
  indexer_searchable_seconds: {
    kind: "histogram",
    says: "From when a report was submitted until it could be searched; of reports of the last day, those that were processed again among them.",
    labels: [],
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 86_400],
  },
  indexer_batch_crashes: {
    kind: "histogram",
    says: "Processed crashes per write to the search index.",
    labels: [],
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
  },
  scheduler_repaired_total: {
    kind: "counter",
    says: "Crashes the sweeps queued again, by what was missing (processing, indexing, or a document of the present version: version), batches of pings (pings), and symbol files without a symcache (symcache).",
    labels: ["missing"],
  },
  scheduler_learned_total: {
    kind: "counter",
    says: "What the sweeps learned of crashes in the index: crashes whose signature's first date and build were seen to (signature), builds that were not known (release).",
    labels: ["what"],
  },
  scheduler_trends_told_total: {
    kind: "counter",
    says: "Trends that the webhook was told of, by outcome (told, failed).",
    labels: ["outcome"],
  },
  scheduler_runs_total: {
    kind: "counter",
    says: "Times that scheduled work was done, by its name and outcome (done, failed).",
    labels: ["work", "outcome"],
  },
  scheduler_run_seconds: {
    kind: "histogram",
    says: "How long a time of scheduled work took.",
    labels: ["work"],
    buckets: [0.01, 0.1, 1, 10, 60, 600, 3600],
  },
  scheduler_deleted_total: {
    kind: "counter",
    says: "What was deleted for clients that asked for it: `crash`, `ping`.",
    labels: ["what"],
  },
  scheduler_expired_total: {
    kind: "counter",
    says: "Crashes that were removed because they were too old.",
    labels: [],
  },
  scheduler_expired_symbols_total: {
    kind: "counter",
    says: "Files of the symbol store that were removed because they were too old and not in use, by tree: `v1`, `try/v1` of try builds, and `fetched/v1` of those fetched from other servers.",
    labels: ["tree"],
  },
  scheduler_asked_symbols_total: {
    kind: "counter",
    says: "Modules that crashes missed and SYMBOL_SOURCES were asked for again, by outcome: found, missing, away.",
    labels: ["outcome"],
  },
  scheduler_healing_total: {
    kind: "counter",
    says: "Crashes that missed symbols which have come, and are to be processed again.",
    labels: [],
  },
  scheduler_bulk_total: {
    kind: "counter",
    says: "Crashes that bulk jobs handed on to be processed.",
    labels: [],
  },
  webapp_requests_total: {
    kind: "counter",
    says: "Requests answered, by route and status.",
    labels: ["route", "status"],
  },
  queue_jobs: {
    kind: "gauge",
    says: "Jobs of a queue by state (waiting, delayed, active, failed), as the scheduler sees them.",
    labels: ["queue", "state"],
  },
  queue_oldest_seconds: {
    kind: "gauge",
    says: "How long the oldest job that waits in a queue has waited; 0 when none waits.",
    labels: ["queue"],
  },
  queue_handled_total: {
    kind: "counter",
    says: "Jobs taken from a queue, by outcome (done, failed, waits: what it needs is away).",
    labels: ["queue", "outcome"],
  },
  queue_wait_seconds: {
    kind: "histogram",
    says: "How long a job waited from when it was queued until it was begun for the first time.",
    labels: ["queue"],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200, 86_400],
  },
  queue_work_seconds: {
    kind: "histogram",
    says: "How long a job was worked on, each time that it was begun.",
    labels: ["queue"],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300],
  },
  redis_errors_total: {
    kind: "counter",
    says: "Errors of connections to Redis, and of jobs, that queues were told of.",
    labels: [],
  },
  store_seconds: {
    kind: "histogram",
    says: "How long calls of the object store took, by call (put, get, info, list, delete …); list: until its last object.",
    labels: ["call"],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
  },
  store_failures_total: {
    kind: "counter",
    says: "Calls of the object store that failed, by call.",
    labels: ["call"],
  },
  search_seconds: {
    kind: "histogram",
    says: "How long calls of the search engine took, by call (add, search).",
    labels: ["call"],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
  },
  search_failures_total: {
    kind: "counter",
    says: "Calls of the search engine that failed, by call.",
    labels: ["call"],
  },
  process_resident_memory_bytes: { kind: "gauge", says: "Memory of the process.", labels: [] },
  process_heap_bytes: { kind: "gauge", says: "JavaScript heap in use in the main thread.", labels: [] },
  process_cpu_seconds: {
    kind: "gauge",
    says: "Processor time that the process has used since it began; it only grows.",
    labels: [],
  },
  process_start_time_seconds: {
    kind: "gauge",
    says: "When the process began, seconds since 1970.",
    labels: [],
  },
  process_event_loop_delay_seconds: {
    kind: "gauge",
    says: "How late the main thread's event loop was since metrics were last asked for, by quantile (0.5, 0.99, 1).",
    labels: ["quantile"],
  },
  process_gc_seconds: {
    kind: "histogram",
    says: "Pauses for garbage collection, by kind (minor, major, incremental, weak).",
    labels: ["kind"],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1],
  },
} as const satisfies Record<string, MetricDefinition>;

interface MetricDefinition {
  readonly kind: "counter" | "gauge" | "histogram";
  readonly says: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

type Named<K extends MetricDefinition["kind"]> = {
  [name in keyof typeof metricsList]: (typeof metricsList)[name]["kind"] extends K ? name : never;
}[keyof typeof metricsList];

export type CounterName = Named<"counter">;
export type GaugeName = Named<"gauge">;
export type HistogramName = Named<"histogram">;
/** The labels a metric takes: all of them, no others. */
export type LabelsOf<N extends keyof typeof metricsList> = Record<
  (typeof metricsList)[N]["labels"][number],
  string
>;
