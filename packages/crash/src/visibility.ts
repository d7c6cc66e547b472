import { type ProcessedField, processedSchema } from "./processed-schema.ts";

/**
 * The annotations anybody may see (Socorro's raw crash schema). Whatever is not named here, unknown annotations
 * first of all, may hold what a user typed or visited and needs the permission to see personal data.
 */
const publicAnnotations: ReadonlySet<string> = new Set(
  `ProductName ProductID Version BuildID ApplicationBuildID ReleaseChannel Vendor ProcessType CrashTime StartupTime
  InstallTime UptimeTS SecondsSinceLastCrash StartupCrash Throttleable SubmittedFrom SubmittedFromInfobar
  useragent_locale SafeMode Notes Add-ons EMCheckCompatibility Accessibility AccessibilityClient
  AccessibilityInProcClient AdapterVendorID AdapterDeviceID AdapterSubsysID AdapterDriverVersion Android_Board
  Android_Brand Android_CPU_ABI Android_CPU_ABI2 Android_Device Android_Display Android_Fingerprint
  Android_Hardware Android_Manufacturer Android_Model Android_PackageName Android_Version AppInitDLLs
  AsyncShutdownTimeout QuotaManagerShutdownTimeout AvailablePhysicalMemory AvailableVirtualMemory
  AvailablePageFile TotalPhysicalMemory TotalVirtualMemory TotalPageFile SystemMemoryUsePercentage
  OOMAllocationSize JSLargeAllocationFailure ContentSandboxCapabilities ContentSandboxCapable
  ContentSandboxEnabled ContentSandboxLevel CPUArchitecture CPUInfo CPUMicrocodeVersion OS OSVersion
  DistributionID DOMFissionEnabled DOMIPCEnabled GraphicsCriticalError GraphicsStartupTest Hang
  ipc_channel_error IPCFatalErrorMsg IPCFatalErrorProtocol IPCMessageName IPCMessageSize IPCShutdownState
  IPCSystemError IsGarbageCollecting LinuxLSBDescription MacAvailableMemorySysctl MacMemoryPressure
  MacMemoryPressureSysctl MacMemoryPressureNormalTime MacMemoryPressureWarningTime
  MacMemoryPressureCriticalTime Marionette RemoteAgent PluginFilename PluginName PluginVersion
  ShutdownProgress ShutdownReason TelemetryEnvironment UtilityActorsName UtilityProcessSandboxingKind
  WindowsErrorReporting Winsock_LSP XPCOMSpinEventLoopStack AbortMessage BackgroundTaskName
  submitted_timestamp uuid version`.split(/\s+/),
);

/**
 * The raw crash as a viewer without permissions may see it. Of the collector's metadata its notes stay, where there are
 * any: they tell what was dropped, by name, and quote no values.
 */
export function redactRawCrash(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const seen = Object.fromEntries(Object.entries(raw).filter(([name]) => publicAnnotations.has(name)));
  const { collector_notes: notes } = (raw["metadata"] ?? {}) as { collector_notes?: unknown };
  const texts = Array.isArray(notes) ? notes.filter((note) => typeof note === "string") : [];
  return texts.length === 0 ? seen : { ...seen, metadata: { collector_notes: texts } };
}

/** The processed crash as a viewer without permissions may see it. Fields that no schema describes are hidden. */
export function redactProcessedCrash(processed: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const schema: Readonly<Record<string, ProcessedField>> = processedSchema;
  const seen: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(processed)) {
    const isDump = name === "json_dump" || /^upload_file_minidump_\w+$/.test(name);
    if (isDump) seen[name] = redactJsonDump(value);
    else if (Object.hasOwn(schema, name) && schema[name]?.visibility === "public") seen[name] = value;
  }
  return seen;
}

/** Keys of the stackwalker's JSON, at whatever depth, that may hold what was in memory or who the user is. */
const protectedInDump: ReadonlySet<string> = new Set([
  "registers",
  "mac_boot_args",
  "soft_errors",
  "is_likely_guard_page",
  "handles",
]);

function redactJsonDump(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactJsonDump);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !protectedInDump.has(key))
      .map(([key, inner]) => [key, redactJsonDump(inner)]),
  );
}
