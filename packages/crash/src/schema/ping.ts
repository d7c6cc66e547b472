import type { AnnotationName } from "./annotations.ts";
import { date, type FieldValueOf, keyword, made, type ProcessedField } from "./field.ts";
import { type ProcessedCrash, type ProcessedFieldName, processedSchema } from "./processed-crash.ts";

/** Where a ping says what a report says in an annotation: names from the outside in. */
export interface PingSource {
  /** Below `metrics` of a Glean ping, unless it begins with `client_info`. */
  readonly glean?: readonly string[];
  /** In a ping of the older telemetry; its annotations are below `payload.metadata`, where nothing else is said. */
  readonly telemetry?: readonly string[];
}

const string = (name: string): PingSource => ({ glean: ["string", name] });
const quantity = (name: string): PingSource => ({ glean: ["quantity", name] });
const boolean = (name: string): PingSource => ({ glean: ["boolean", name] });
const object = (name: string): PingSource => ({ glean: ["object", name] });
const span = (name: string): PingSource => ({ glean: ["timespan", name, "value"] });

/**
 * The annotations that pings carry, and where: with it a ping is read as a report is. What is not here is looked for
 * under its annotation's name, in `meta.annotations` of Glean and in the metadata of telemetry.
 */
export const pingSources = {
  ProductName: { ...string("crash.product_name"), telemetry: ["application", "name"] },
  ProductID: { ...string("crash.product_id"), telemetry: ["application", "id"] },
  Version: { ...string("crash.app_display_version"), telemetry: ["application", "version"] },
  BuildID: { ...string("crash.app_build"), telemetry: ["application", "buildId"] },
  ReleaseChannel: { ...string("crash.app_channel"), telemetry: ["application", "channel"] },
  Vendor: { telemetry: ["application", "vendor"] },
  useragent_locale: string("crash.useragent_locale"),
  ProcessType: { ...string("crash.process_type"), telemetry: ["payload", "processType"] },
  RemoteType: string("crash.remote_type"),
  BackgroundTaskName: string("crash.background_task_name"),
  UtilityActorsName: { glean: ["string_list", "crash.utility_actors_name"] },
  CrashTime: { glean: ["datetime", "crash.time"], telemetry: ["payload", "crashTime"] },
  InstallTime: span("crash.install_time"),
  StartupTime: span("crash.startup_time"),
  SecondsSinceLastCrash: span("crash.time_since_last_crash"),
  StartupCrash: boolean("crash.startup"),
  MozCrashReason: string("crash.moz_crash_reason"),
  AbortMessage: string("crash.abort_message"),
  Hang: string("crash.hang"),
  AsyncShutdownTimeout: object("crash.async_shutdown_timeout"),
  QuotaManagerShutdownTimeout: object("crash.quota_manager_shutdown_timeout"),
  ShutdownProgress: string("crash.shutdown_progress"),
  ShutdownReason: string("crash.shutdown_reason"),
  ipc_channel_error: string("crash.ipc_channel_error"),
  IPCMessageName: string("crash.ipc_message_name"),
  IsGarbageCollecting: boolean("crash.is_garbage_collecting"),
  OOMAllocationSize: quantity("memory.oom_allocation_size"),
  JSLargeAllocationFailure: string("memory.js_large_allocation_failure"),
  AvailablePhysicalMemory: quantity("memory.available_physical"),
  AvailableVirtualMemory: quantity("memory.available_virtual"),
  TotalPhysicalMemory: quantity("memory.total_physical"),
  SystemMemoryUsePercentage: quantity("memory.system_use_percentage"),
  DOMFissionEnabled: boolean("crash.dom_fission_enabled"),
  WindowsErrorReporting: boolean("crash.windows_error_reporting"),
  JavaException: object("crash.java_exception"),
  OS: { ...string("crash.os"), telemetry: ["environment", "system", "os", "name"] },
  OSVersion: { ...string("crash.os_version"), telemetry: ["environment", "system", "os", "version"] },
  CPUArchitecture: { ...string("crash.cpu_architecture"), telemetry: ["application", "architecture"] },
  GleanClientId: { glean: ["client_info", "client_id"], telemetry: ["clientId"] },
} as const satisfies Partial<Record<AnnotationName, PingSource>>;

/** The fields of a processed crash that a processed ping has, too: of the same types, as visible, as searched. */
const shared = [
  "uuid",
  "signature",
  "proto_signature",
  "report_type",
  "date_processed",
  "submitted_timestamp",
  "processor_notes",
  "minidump_sha256_hash",
  "product",
  "productid",
  "version",
  "major_version",
  "build",
  "release_channel",
  "vendor",
  "useragent_locale",
  "process_type",
  "remote_type",
  "background_task_name",
  "utility_actors_name",
  "crash_time",
  "client_crash_date",
  "uptime",
  "install_age",
  "last_crash",
  "startup_time",
  "install_time",
  "startup_crash",
  "reason",
  "address",
  "crashing_thread",
  "moz_crash_reason",
  "moz_crash_reason_raw",
  "abort_message",
  "hang",
  "async_shutdown_timeout",
  "quota_manager_shutdown_timeout",
  "shutdown_progress",
  "shutdown_reason",
  "ipc_channel_error",
  "ipc_message_name",
  "is_garbage_collecting",
  "oom_allocation_size",
  "js_large_allocation_failure",
  "available_physical_memory",
  "available_virtual_memory",
  "total_physical_memory",
  "system_memory_use_percentage",
  "dom_fission_enabled",
  "windows_error_reporting",
  "java_exception",
  "os_name",
  "os_version",
  "cpu_arch",
  "topmost_filenames",
  "modules_in_stack",
  "missing_symbols",
  "json_dump",
  "glean_client_id",
] as const satisfies readonly ProcessedFieldName[];

const own = {
  document_id: made("string", "The ping's document id, under which the client sent it."),
  source: made("string", "`ping`."),
  ping_kind: made("string", "How it came: `glean`, or `telemetry` of old."),
  ping_application: made("string", "Who sent it, as its address says: the reporter, or the product."),
  ping_reason: made("string", "Why Glean sent it: `crash`, `event_found`.", { search: keyword }),
  ping_created: made("string", "When the client made it, by its own clock.", { search: date }),
} as const satisfies Record<string, ProcessedField>;

type SharedName = (typeof shared)[number];

/**
 * The processed ping, field by field. What it shares with the processed crash stands under the same name, so that one
 * search finds both.
 */
export const processedPingSchema: Readonly<Record<SharedName | keyof typeof own, ProcessedField>> = {
  ...own,
  ...(Object.fromEntries(shared.map((name) => [name, processedSchema[name]])) as Record<
    SharedName,
    ProcessedField
  >),
};

/** A processed ping. Any field but the ids may be absent. */
export type ProcessedPing = Pick<ProcessedCrash, SharedName> & {
  readonly [name in keyof typeof own]?: FieldValueOf<(typeof own)[name]>;
} & { readonly document_id: string };

export const isPingField = (name: string): name is keyof ProcessedPing =>
  Object.hasOwn(processedPingSchema, name);
