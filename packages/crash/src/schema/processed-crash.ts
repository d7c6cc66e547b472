import {
  bool,
  copied,
  date,
  double,
  enumBool,
  enumKeyword,
  enumSemicolons,
  enumText,
  type FieldValueOf,
  integer,
  keyword,
  long,
  made,
  ofAnySize,
  orNull,
  type ProcessedField,
  secret,
  semicolons,
  short,
  type Typed,
  text,
} from "./field.ts";
import type { JavaException } from "./java-exception.ts";
import type { ProcessingRun } from "./processing-run.ts";
import type { FrameJson, StackJson } from "./stack-json.ts";

const bytes = (name: string, description: string): ProcessedField =>
  made("integer", description, { search: { ...long, name: `memory_${name}` } });

const memoryMeasures = {
  explicit: bytes("explicit", "All that was allocated explicitly."),
  gfx_textures: bytes("gfx_textures", "Graphics textures."),
  ghost_windows: bytes("ghost_windows", "Windows that are closed and still held: a number."),
  heap_allocated: bytes("heap_allocated", "The heap that is in use."),
  heap_overhead: bytes("heap_overhead", "What the heap needs for itself."),
  heap_unclassified: bytes("heap_unclassified", "The heap in use that no reporter accounts for."),
  host_object_urls: bytes("host_object_urls", "Object URLs that are held: a number."),
  images: bytes("images", "Images."),
  js_main_runtime: bytes("js_main_runtime", "JavaScript on the main thread."),
  private: bytes("private", "Memory no other process shares."),
  resident: bytes("resident", "Memory that is in RAM."),
  resident_unique: bytes("resident_unique", "Memory in RAM that no other process shares."),
  system_heap_allocated: bytes("system_heap_allocated", "The system's heap that is in use."),
  top_none_detached: bytes("top_none_detached", "Windows that are detached from all tabs."),
  vsize: bytes("vsize", "Address space in use."),
  vsize_max_contiguous: bytes("vsize_max_contiguous", "The largest gap in the address space."),
} as const;

/**
 * The processed crash, field by field, named and typed as Socorro's. What is copied from the annotations, what a viewer
 * without permissions sees, what can be searched and how, the types of TypeScript and docs/schema.md are all made from
 * this table.
 */
export const processedSchema = {
  // Identity, and how it was processed.
  uuid: made("string", "The crash id.", { search: enumKeyword }),
  crash_id: made("string", "The crash id."),
  schema_version: made("integer", "The version of this document's shape."),
  signature: made("string", "What crashes of one cause have in common.", { search: text }),
  proto_signature: made("string", "The functions of the crashing stack, joined by ` | `.", { search: text }),
  signature_debug: secret("string", "How the signature came about, a step a line, in Socorro's words."),
  signature_steps: secret("list", "How the signature came about, step by step."),
  report_type: made("string", "`crash` or `hang`.", { search: keyword }),
  success: made("boolean", "Whether processing came to its end."),
  submitted_timestamp: made("string", "When the collector had the report."),
  date_processed: made("string", "When the collector had the report: the day it is kept under.", {
    search: { ...date, name: "date" },
  }),
  started_datetime: made("string", "When processing began."),
  completed_datetime: made("string", "When processing ended."),
  processor_notes: made("string", "What the rules had to say, a note a line.", { search: text }),
  processor_history: made("strings", "The notes of earlier processings."),
  processing_history: made(
    "list",
    "Each processing: its notes and signature, when and why it was, by which versions of rules and lists; the newest first.",
  ) as Typed<readonly ProcessingRun[]>,
  crash_report_keys: made("strings", "The names of all annotations and dumps that came.", {
    search: keyword,
  }),
  collector_metadata: secret("object", "What the collector noted about the submission.", {
    properties: {
      collector_notes: secret("strings", "What the collector dropped or mended.", { search: text }),
    },
  }),
  minidump_sha256_hash: orNull(
    made("string", "The SHA-256 of the main minidump; empty without one.", { search: text }),
  ),
  additional_minidumps: made("strings", "The further minidumps that were walked."),
  mdsw_status_string: made("string", "How the walk ended: `OK`, or what was wrong with the dump."),
  mdsw_return_code: secret("integer", "The stackwalker's exit code; 0 where the walk went well."),
  mdsw_stderr: secret("string", "What the stackwalker logged, its last lines."),
  stackwalk_version: made("string", "Which stackwalker walked.", { search: keyword }),

  // The product.
  product: copied("ProductName", "string", enumText),
  productid: copied("ProductID", "string", enumKeyword),
  version: copied("Version", "string", enumKeyword),
  major_version: ofAnySize(
    made("integer", "The version up to its first dot; 0 where that is no number.", { search: integer }),
  ),
  build: copied("BuildID", "string", { ...long, name: "build_id" }),
  application_build_id: copied("ApplicationBuildID", "string", long),
  release_channel: copied("ReleaseChannel", "string", enumKeyword),
  vendor: copied("Vendor", "string", enumText),
  distribution_id: made("string", "The partner's distribution; `mozilla` without a partner.", {
    search: keyword,
  }),
  useragent_locale: copied("useragent_locale", "string", enumSemicolons),
  android_packagename: copied("Android_PackageName", "string", keyword),

  // The process.
  process_type: made("string", "The kind of process; `parent` is the main one.", {
    search: { ...keyword, choices: ["content", "gpu", "parent", "plugin", "rdd", "socket", "utility"] },
  }),
  remote_type: copied("RemoteType", "string", enumKeyword),
  background_task_name: copied("BackgroundTaskName", "string", keyword),
  plugin_filename: made("string", "The plugin's file.", { search: enumText }),
  plugin_name: made("string", "The plugin's name.", { search: enumText }),
  plugin_version: made("string", "The plugin's version.", { search: enumText }),
  gmp_plugin: copied("GMPPlugin", "boolean", bool),
  gmp_library_path: copied("GMPLibraryPath", "string", keyword),
  utility_actors_name: made("strings", "What a utility process did.", { search: keyword }),
  utility_process_sandboxing_kind: copied("UtilityProcessSandboxingKind", "integer", integer),

  // The crash.
  reason: orNull(made("string", "Why the system ended the process.", { search: text })),
  address: orNull(
    made("string", "The address that was touched, `0x` and as wide as the processor's.", { search: keyword }),
  ),
  crashing_thread: orNull(made("integer", "The thread that crashed, from 0.", { search: integer })),
  crashing_thread_name: orNull(made("string", "That thread's name.", { search: keyword })),
  thread_count: orNull(made("integer", "How many threads there were.", { search: integer })),
  last_error_value: orNull(
    made("string", "Windows' last error in the crashing thread.", { search: keyword }),
  ),
  moz_crash_reason: made("string", "The reason the product's code gave, without what may be personal.", {
    search: text,
  }),
  moz_crash_reason_raw: secret("string", "The reason the product's code gave.", { search: text }),
  abort_message: copied("AbortMessage", "string", text),
  crash_inconsistencies: orNull(
    made("strings", "What in the dump contradicts itself: signs of bad hardware.", { search: keyword }),
  ),
  possible_bit_flips_max_confidence: made(
    "integer",
    "How likely a flipped bit explains the crash, percent.",
    {
      search: integer,
    },
  ),
  has_guard_page_access: orNull(
    secret("boolean", "Whether a guard page was likely touched.", { search: bool }),
  ),
  oom_allocation_size: copied("OOMAllocationSize", "integer", long),
  js_large_allocation_failure: copied("JSLargeAllocationFailure", "string", keyword),
  co_marshal_interface_failure: copied("CoMarshalInterfaceFailure", "string", enumText),
  co_unmarshal_interface_result: copied("CoUnmarshalInterfaceResult", "string"),
  topmost_filenames: orNull(
    made("string", "The first source file on the crashing stack.", { search: semicolons }),
  ),
  modules_in_stack: made("string", "The modules of the crashing stack, `file/debug id` between semicolons.", {
    search: semicolons,
  }),
  missing_symbols: made(
    "string",
    "The modules without symbols, `file/version/debug id` between semicolons.",
    {
      search: semicolons,
    },
  ),
  json_dump: made("object", "The walked minidump: threads, frames, modules, system.") as Typed<StackJson>,
  java_stack_trace: made("string", "The Java exception's classes and stack, without its messages.", {
    search: text,
  }),
  java_stack_trace_raw: secret("string", "The Java exception as the client sent it.", { search: text }),
  // Only the exception's message is personal.
  java_exception: {
    ...copied("JavaException", "object"),
    visibility: "public",
  } as Typed<JavaException>,
  breadcrumbs: secret("list", "What happened before the crash, oldest first."),
  phc_kind: secret("string", "What the heap checker knows of the address.", { search: keyword }),
  phc_base_address: secret("string", "Where the misused memory lies.", { search: text }),
  phc_usable_size: ofAnySize(secret("integer", "Its size in bytes.", { search: long })),
  phc_alloc_stack: secret("string", "Where it was allocated.", { search: text }),
  phc_free_stack: secret("string", "Where it was freed.", { search: text }),
  phc_alloc_frames: secret("list", "Where it was allocated, as frames of a stack.") as Typed<
    readonly FrameJson[]
  >,
  phc_free_frames: secret("list", "Where it was freed, as frames of a stack.") as Typed<readonly FrameJson[]>,
  soft_errors: orNull(
    secret("string", "JSON: what in the client's writing of the dump went wrong.", { search: keyword }),
  ),
  dumper_error: copied("DumperError", "string", text),
  mac_crash_info: made("string", "JSON: what macOS' libraries said about the crash.", { search: text }),

  // Hangs and processes that talk.
  hang: copied("Hang", "string", keyword),
  async_shutdown_timeout: copied("AsyncShutdownTimeout", "string", text),
  quota_manager_shutdown_timeout: copied("QuotaManagerShutdownTimeout", "string", text),
  shutdown_progress: copied("ShutdownProgress", "string", text),
  shutdown_reason: copied("ShutdownReason", "string", keyword),
  ipc_channel_error: copied("ipc_channel_error", "string", text),
  ipc_fatal_error_msg: copied("IPCFatalErrorMsg", "string", text),
  ipc_fatal_error_protocol: copied("IPCFatalErrorProtocol", "string", text),
  ipc_message_name: copied("IPCMessageName", "string", text),
  ipc_message_size: copied("IPCMessageSize", "integer", long),
  ipc_shutdown_state: copied("IPCShutdownState", "string", enumKeyword),
  ipc_system_error: copied("IPCSystemError", "integer", integer),
  xpcom_spin_event_loop_stack: copied("XPCOMSpinEventLoopStack", "string", keyword),
  is_garbage_collecting: copied("IsGarbageCollecting", "boolean", bool),

  // Time: seconds since 1970, or lengths in seconds.
  crash_time: ofAnySize(made("integer", "When it crashed, by the client's clock.")),
  client_crash_date: made("string", "When it crashed, by the client's clock, as a date."),
  startup_time: copied("StartupTime", "integer", long),
  install_time: copied("InstallTime", "integer", long),
  uptime: ofAnySize(made("integer", "How long the process had run.", { search: long })),
  uptime_ts: copied("UptimeTS", "number", double),
  install_age: ofAnySize(made("integer", "How long this version had been installed.", { search: long })),
  last_crash: orNull(ofAnySize(made("integer", "How long ago the last crash was.", { search: long }))),
  startup_crash: copied("StartupCrash", "boolean", bool),

  // The machine.
  os_name: made("string", "The operating system.", { search: { ...enumText, name: "platform" } }),
  os_version: made("string", "The operating system's version.", {
    search: { ...text, name: "platform_version" },
  }),
  os_pretty_version: orNull(
    made("string", "The operating system's version as people say it.", {
      search: { ...text, name: "platform_pretty_version" },
    }),
  ),
  cpu_arch: orNull(made("string", "The processor's architecture.", { search: enumKeyword })),
  cpu_info: orNull(made("string", "The processor.", { search: text })),
  cpu_count: orNull(
    made("integer", "How many processors there were.", {
      search: { ...short, path: ["json_dump", "system_info", "cpu_count"] },
    }),
  ),
  cpu_microcode_version: made("string", "The processor's microcode.", { search: enumText }),
  adapter_vendor_id: copied("AdapterVendorID", "string", keyword),
  adapter_device_id: copied("AdapterDeviceID", "string", keyword),
  adapter_subsys_id: copied("AdapterSubsysID", "string", text),
  adapter_driver_version: copied("AdapterDriverVersion", "string", text),
  android_board: copied("Android_Board", "string", enumText),
  android_brand: copied("Android_Brand", "string", enumText),
  android_cpu_abi: copied("Android_CPU_ABI", "string", enumKeyword),
  android_cpu_abi2: copied("Android_CPU_ABI2", "string", enumKeyword),
  android_device: copied("Android_Device", "string", enumKeyword),
  android_display: copied("Android_Display", "string", enumText),
  android_fingerprint: copied("Android_Fingerprint", "string", enumText),
  android_hardware: copied("Android_Hardware", "string", enumText),
  android_manufacturer: copied("Android_Manufacturer", "string", enumKeyword),
  android_model: copied("Android_Model", "string", text),
  android_version: copied("Android_Version", "string", keyword),
  has_device_touch_screen: copied("HasDeviceTouchScreen", "boolean", bool),
  mac_boot_args: secret("string", "The arguments macOS was started with.", { search: text }),
  has_mac_boot_args: made("boolean", "Whether macOS was started with arguments.", { search: bool }),

  // Memory, in bytes where nothing else is said.
  available_physical_memory: copied("AvailablePhysicalMemory", "integer", long),
  total_physical_memory: copied("TotalPhysicalMemory", "integer", long),
  available_virtual_memory: copied("AvailableVirtualMemory", "integer", long),
  total_virtual_memory: copied("TotalVirtualMemory", "integer", long),
  available_page_file: copied("AvailablePageFile", "integer", long),
  total_page_file: copied("TotalPageFile", "integer", long),
  system_memory_use_percentage: copied("SystemMemoryUsePercentage", "integer", long),
  mac_available_memory_sysctl: copied("MacAvailableMemorySysctl", "integer", integer),
  mac_memory_pressure: copied("MacMemoryPressure", "string", {
    ...keyword,
    choices: ["Normal", "Unset", "Warning", "Critical", "Unexpected"],
  }),
  mac_memory_pressure_sysctl: copied("MacMemoryPressureSysctl", "integer", integer),
  mac_memory_pressure_normal_time: copied("MacMemoryPressureNormalTime", "string"),
  mac_memory_pressure_warning_time: copied("MacMemoryPressureWarningTime", "string"),
  mac_memory_pressure_critical_time: copied("MacMemoryPressureCriticalTime", "string"),
  memory_measures: made("object", "Sums of the memory report, for the process that crashed.", {
    properties: memoryMeasures,
  }) as Typed<Partial<Record<keyof typeof memoryMeasures, number>>>,
  memory_report: secret("object", "The memory report that came with the crash.") as Typed<unknown>,
  memory_report_error: secret("string", "Why the memory report could not be read."),

  // Configuration.
  addons: made("strings", "The extensions, `id:version`.", { search: keyword }),
  addons_checked: orNull(made("boolean", "Whether extensions were checked.", { search: enumBool })),
  app_notes: copied("Notes", "string", text),
  app_init_dlls: copied("AppInitDLLs", "string", semicolons),
  accessibility: made("boolean", "Whether accessibility was on.", { search: bool }),
  accessibility_client: copied("AccessibilityClient", "string", keyword),
  accessibility_in_proc_client: copied("AccessibilityInProcClient", "string", keyword),
  safe_mode: copied("SafeMode", "boolean", bool),
  dom_ipc_enabled: copied("DOMIPCEnabled", "boolean", bool),
  dom_fission_enabled: copied("DOMFissionEnabled", "boolean", bool),
  em_check_compatibility: copied("EMCheckCompatibility", "boolean", bool),
  content_sandbox_enabled: copied("ContentSandboxEnabled", "boolean", bool),
  content_sandbox_capable: copied("ContentSandboxCapable", "boolean", bool),
  content_sandbox_level: copied("ContentSandboxLevel", "integer", short),
  content_sandbox_capabilities: copied("ContentSandboxCapabilities", "integer", integer),
  graphics_critical_error: copied("GraphicsCriticalError", "string", text),
  graphics_startup_test: copied("GraphicsStartupTest", "boolean", bool),
  marionette: { ...copied("Marionette", "boolean", bool), fallback: false },
  remote_agent: { ...copied("RemoteAgent", "boolean", bool), fallback: false },
  windows_error_reporting: copied("WindowsErrorReporting", "boolean", bool),
  telemetry_environment: copied("TelemetryEnvironment", "object"),

  // The user.
  user_comments: copied("Comments", "string", text),
  url: copied("URL", "string", keyword),
  glean_client_id: copied("GleanClientId", "string", keyword),
  submitted_from: made("string", "Where the user sent the report from.", { search: keyword }),
  submitted_from_infobar: made("boolean", "Whether it was sent from the bar about unsent reports."),
  throttleable: copied("Throttleable", "boolean", bool),
} as const satisfies Record<string, ProcessedField>;

export type ProcessedFieldName = keyof typeof processedSchema;

/**
 * A processed crash. Any field may be absent. Further minidumps that were walked stand beside it under their own names.
 */
export type ProcessedCrash = {
  [name in ProcessedFieldName]?: FieldValueOf<(typeof processedSchema)[name]>;
} & { [dump: `upload_file_minidump_${string}`]: WalkedDump };

/**
 * A document, or a part of one, as it is read: the table's names, and values of any type, since clients, other
 * processors and earlier versions wrote some of them.
 */
export type AsRead<Document> = { readonly [name in keyof Document]?: unknown };

/** What one minidump's walk leaves in the processed crash. */
export type WalkedDump = Pick<
  ProcessedCrash,
  "json_dump" | "mdsw_return_code" | "mdsw_status_string" | "mdsw_stderr" | "success" | "stackwalk_version"
>;
