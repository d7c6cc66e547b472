/**
 * The processed crash, field by field (names and types as Socorro's processed crash has them). One table drives
 * what is copied from the annotations, what a viewer without permissions may see, and docs/schema.md.
 */
export type FieldType = "string" | "integer" | "number" | "boolean" | "object" | "list";
export type Visibility = "public" | "protected";

export interface ProcessedField {
  readonly type: FieldType;
  readonly visibility: Visibility;
  /** The annotation it is copied from, where a rule does not make it. */
  readonly source?: string;
}

const made = (type: FieldType): ProcessedField => ({ type, visibility: "public" });
const secret = (type: FieldType): ProcessedField => ({ type, visibility: "protected" });
const copied = (type: FieldType, source: string): ProcessedField => ({ type, visibility: "public", source });
const copiedSecret = (type: FieldType, source: string): ProcessedField => ({
  type,
  visibility: "protected",
  source,
});

export const processedSchema = {
  // Identity and how it was processed.
  uuid: made("string"),
  crash_id: made("string"),
  signature: made("string"),
  proto_signature: made("string"),
  signature_debug: secret("string"),
  report_type: made("string"),
  success: made("boolean"),
  submitted_timestamp: made("string"),
  date_processed: made("string"),
  started_datetime: made("string"),
  completed_datetime: made("string"),
  processor_notes: made("string"),
  processor_history: made("list"),
  crash_report_keys: made("list"),
  collector_metadata: secret("object"),
  minidump_sha256_hash: made("string"),
  additional_minidumps: made("list"),
  mdsw_status_string: made("string"),
  mdsw_return_code: secret("integer"),
  mdsw_stderr: secret("string"),
  stackwalk_version: made("string"),

  // Product.
  product: copied("string", "ProductName"),
  productid: copied("string", "ProductID"),
  version: copied("string", "Version"),
  major_version: made("integer"),
  build: copied("string", "BuildID"),
  application_build_id: copied("string", "ApplicationBuildID"),
  release_channel: copied("string", "ReleaseChannel"),
  vendor: copied("string", "Vendor"),
  distribution_id: made("string"),
  useragent_locale: copied("string", "useragent_locale"),
  android_packagename: copied("string", "Android_PackageName"),

  // Process.
  process_type: made("string"),
  remote_type: copiedSecret("string", "RemoteType"),
  background_task_name: copied("string", "BackgroundTaskName"),
  utility_process_sandboxing_kind: copied("integer", "UtilityProcessSandboxingKind"),
  gmp_plugin: copied("boolean", "GMPPlugin"),

  // Crash.
  reason: made("string"),
  address: made("string"),
  crashing_thread: made("integer"),
  crashing_thread_name: made("string"),
  thread_count: made("integer"),
  last_error_value: made("string"),
  moz_crash_reason: made("string"),
  moz_crash_reason_raw: secret("string"),
  abort_message: copied("string", "AbortMessage"),
  crash_inconsistencies: made("list"),
  possible_bit_flips_max_confidence: made("integer"),
  oom_allocation_size: copied("integer", "OOMAllocationSize"),
  js_large_allocation_failure: copied("string", "JSLargeAllocationFailure"),
  topmost_filenames: made("string"),
  modules_in_stack: made("string"),
  missing_symbols: made("string"),
  json_dump: made("object"),
  soft_errors: secret("string"),
  dumper_error: copiedSecret("string", "DumperError"),

  // Hangs and IPC.
  hang: copied("string", "Hang"),
  async_shutdown_timeout: copied("string", "AsyncShutdownTimeout"),
  quota_manager_shutdown_timeout: copied("string", "QuotaManagerShutdownTimeout"),
  shutdown_progress: copied("string", "ShutdownProgress"),
  shutdown_reason: copied("string", "ShutdownReason"),
  ipc_channel_error: copied("string", "ipc_channel_error"),
  ipc_fatal_error_msg: copied("string", "IPCFatalErrorMsg"),
  ipc_fatal_error_protocol: copied("string", "IPCFatalErrorProtocol"),
  ipc_message_name: copied("string", "IPCMessageName"),
  ipc_message_size: copied("integer", "IPCMessageSize"),
  ipc_shutdown_state: copied("string", "IPCShutdownState"),
  ipc_system_error: copied("integer", "IPCSystemError"),
  xpcom_spin_event_loop_stack: copied("string", "XPCOMSpinEventLoopStack"),
  is_garbage_collecting: copied("boolean", "IsGarbageCollecting"),

  // Time: unix seconds, or lengths in seconds.
  crash_time: made("integer"),
  client_crash_date: made("string"),
  startup_time: copied("integer", "StartupTime"),
  install_time: copied("integer", "InstallTime"),
  uptime: made("integer"),
  uptime_ts: copied("number", "UptimeTS"),
  install_age: made("integer"),
  last_crash: made("integer"),
  startup_crash: copied("boolean", "StartupCrash"),

  // Machine.
  os_name: made("string"),
  os_version: made("string"),
  os_pretty_version: made("string"),
  cpu_arch: made("string"),
  cpu_info: made("string"),
  cpu_count: made("integer"),
  cpu_microcode_version: made("string"),
  adapter_vendor_id: copied("string", "AdapterVendorID"),
  adapter_device_id: copied("string", "AdapterDeviceID"),
  adapter_subsys_id: copied("string", "AdapterSubsysID"),
  adapter_driver_version: copied("string", "AdapterDriverVersion"),
  android_board: copied("string", "Android_Board"),
  android_brand: copied("string", "Android_Brand"),
  android_cpu_abi: copied("string", "Android_CPU_ABI"),
  android_cpu_abi2: copied("string", "Android_CPU_ABI2"),
  android_device: copied("string", "Android_Device"),
  android_display: copied("string", "Android_Display"),
  android_fingerprint: copied("string", "Android_Fingerprint"),
  android_hardware: copied("string", "Android_Hardware"),
  android_manufacturer: copied("string", "Android_Manufacturer"),
  android_model: copied("string", "Android_Model"),
  android_version: copied("string", "Android_Version"),

  // Memory, bytes.
  available_physical_memory: copied("integer", "AvailablePhysicalMemory"),
  total_physical_memory: copied("integer", "TotalPhysicalMemory"),
  available_virtual_memory: copied("integer", "AvailableVirtualMemory"),
  total_virtual_memory: copied("integer", "TotalVirtualMemory"),
  available_page_file: copied("integer", "AvailablePageFile"),
  total_page_file: copied("integer", "TotalPageFile"),
  system_memory_use_percentage: copied("integer", "SystemMemoryUsePercentage"),

  // Configuration.
  app_notes: copied("string", "Notes"),
  app_init_dlls: copied("string", "AppInitDLLs"),
  safe_mode: copied("boolean", "SafeMode"),
  dom_ipc_enabled: copied("boolean", "DOMIPCEnabled"),
  dom_fission_enabled: copied("boolean", "DOMFissionEnabled"),
  em_check_compatibility: copied("boolean", "EMCheckCompatibility"),
  content_sandbox_enabled: copied("boolean", "ContentSandboxEnabled"),
  content_sandbox_capable: copied("boolean", "ContentSandboxCapable"),
  content_sandbox_level: copied("integer", "ContentSandboxLevel"),
  content_sandbox_capabilities: copied("integer", "ContentSandboxCapabilities"),
  graphics_critical_error: copied("string", "GraphicsCriticalError"),
  graphics_startup_test: copied("boolean", "GraphicsStartupTest"),
  windows_error_reporting: copied("boolean", "WindowsErrorReporting"),
  telemetry_environment: copied("object", "TelemetryEnvironment"),

  // The user.
  user_comments: copiedSecret("string", "Comments"),
  url: copiedSecret("string", "URL"),
  submitted_from: made("string"),
  throttleable: copied("boolean", "Throttleable"),
} as const satisfies Record<string, ProcessedField>;

export type ProcessedFieldName = keyof typeof processedSchema;

/** A processed crash. All fields may be absent; types are those of {@link processedSchema}. */
export type ProcessedCrash = { [name in ProcessedFieldName]?: unknown } & Record<string, unknown>;
