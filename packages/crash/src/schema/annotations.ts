/**
 * The annotations that clients are known to send, and who may see them. The first table are those of Mozilla's crash
 * annotation schema that anybody may see; the second needs the permission to see personal data, and so does whatever
 * stands in neither: a client may send anything under any name.
 */
const forAnybody = {
  // What crashed.
  ProductName: "The product, by the name it is configured with.",
  ProductID: "The product's own id: a GUID in Firefox.",
  Version: "The product's version.",
  BuildID: "The build: `YYYYMMDDhhmmss` in Firefox.",
  ApplicationBuildID: "The build of the application around the engine, such as Android's version code.",
  ReleaseChannel: "The channel the product was released on.",
  Vendor: "The product's maker.",
  DistributionID: "The partner's distribution of the product.",
  useragent_locale: "The product's language.",
  Android_PackageName: "The package of an Android application.",
  ProcessType: "The kind of process that crashed; absent for the main process.",
  BackgroundTaskName: "The background task that ran.",
  PluginFilename: "The plugin's file.",
  PluginName: "The plugin's name.",
  PluginVersion: "The plugin's version.",
  GMPPlugin: "Whether the process ran a media plugin.",
  UtilityActorsName: "What a utility process did, names between commas.",
  UtilityProcessSandboxingKind: "How a utility process was sandboxed.",

  // When.
  CrashTime: "When it crashed, seconds since 1970 by the client's clock.",
  StartupTime: "When the process started, seconds since 1970.",
  InstallTime: "When this version was installed, seconds since 1970.",
  UptimeTS: "How long the process had run, in seconds with a fraction.",
  SecondsSinceLastCrash: "Seconds since the crash before this one.",
  StartupCrash: "Whether the product crashed before it had started.",

  // How it was sent.
  Throttleable: "`0` where the user asked to send this report: it is always kept.",
  SubmittedFrom: "Where the user sent the report from.",
  SubmittedFromInfobar: "Whether the report was sent from the bar about unsent reports.",

  // Why.
  AbortMessage: "The message an aborting library left.",
  AsyncShutdownTimeout: "JSON: what did not finish when shutdown waited for it.",
  QuotaManagerShutdownTimeout: "What storage was doing when shutdown waited for it.",
  ShutdownProgress: "The phase that shutdown had reached.",
  ShutdownReason: "Why the product was shutting down.",
  Hang: "What hung, where it was a hang.",
  ipc_channel_error: "The error on the channel between processes.",
  IPCFatalErrorMsg: "The message of a fatal error between processes.",
  IPCFatalErrorProtocol: "The protocol of a fatal error between processes.",
  IPCMessageName: "The message that was too large.",
  IPCMessageSize: "Its size in bytes.",
  IPCShutdownState: "How far the shutdown of a child process had come.",
  IPCSystemError: "The system's error behind a failed message.",
  XPCOMSpinEventLoopStack: "The nested event loops, outermost first.",
  IsGarbageCollecting: "Whether the garbage collector was running.",
  OOMAllocationSize: "The size in bytes of the allocation that failed.",
  JSLargeAllocationFailure: "How JavaScript fared with a large allocation that failed.",
  CoMarshalInterfaceFailure: "The HRESULT with which an interface could not be marshalled.",
  CoUnmarshalInterfaceResult: "The HRESULT with which an interface was unmarshalled.",
  GraphicsCriticalError: "Errors of graphics, as the product collected them.",
  GraphicsStartupTest: "Whether the test of graphics at the start was running.",
  WindowsErrorReporting: "Whether Windows Error Reporting caught the crash.",

  // The machine.
  OS: "The operating system, where no minidump tells it.",
  OSVersion: "The operating system's version, where no minidump tells it.",
  CPUArchitecture: "The processor's architecture, where no minidump tells it.",
  CPUInfo: "The processor, where no minidump tells it.",
  CPUMicrocodeVersion: "The processor's microcode.",
  LinuxLSBDescription: "The Linux distribution.",
  HasDeviceTouchScreen: "Whether the device has a touch screen.",
  AdapterVendorID: "The graphics adapter's vendor.",
  AdapterDeviceID: "The graphics adapter.",
  AdapterSubsysID: "The graphics adapter's subsystem.",
  AdapterDriverVersion: "The version of the graphics driver.",
  Android_Board: "The device's board.",
  Android_Brand: "The brand the device is sold under.",
  Android_CPU_ABI: "The device's first application binary interface.",
  Android_CPU_ABI2: "The device's second application binary interface.",
  Android_Device: "The device's industrial name.",
  Android_Display: "The id of the device's build, as it is shown to users.",
  Android_Fingerprint: "What identifies the device's build.",
  Android_Hardware: "The name of the hardware.",
  Android_Manufacturer: "Who made the device.",
  Android_Model: "The model as users know it.",
  Android_Version: "The Android API level and its name, such as `33 (REL)`.",
  AvailablePhysicalMemory: "Physical memory that was free, in bytes.",
  AvailableVirtualMemory: "Address space that was free, in bytes.",
  AvailablePageFile: "Memory that could still be committed, in bytes.",
  TotalPhysicalMemory: "Physical memory, in bytes.",
  TotalVirtualMemory: "Address space, in bytes.",
  TotalPageFile: "Memory that can be committed, in bytes.",
  SystemMemoryUsePercentage: "Physical memory in use, in percent.",
  MacAvailableMemorySysctl: "Free memory by macOS' `kern.memorystatus_level`.",
  MacMemoryPressure: "macOS' memory pressure: Normal, Unset, Warning, Critical, Unexpected.",
  MacMemoryPressureSysctl: "Memory pressure by macOS' sysctl.",
  MacMemoryPressureNormalTime: "When memory pressure became normal.",
  MacMemoryPressureWarningTime: "When memory pressure came to a warning.",
  MacMemoryPressureCriticalTime: "When memory pressure became critical.",

  // Its configuration.
  Notes: "Notes that the product's code left.",
  "Add-ons": "The extensions, `id:version` between commas, URL-encoded.",
  EMCheckCompatibility: "Whether extensions are checked for compatibility.",
  SafeMode: "Whether the product ran in safe mode.",
  Accessibility: "`Active` where accessibility was on.",
  AccessibilityClient: "Which program used accessibility.",
  AccessibilityInProcClient: "Which accessibility client was loaded into the process, in bits.",
  AppInitDLLs: "The libraries that Windows loads into every process.",
  ContentSandboxCapabilities: "What the system offers to sandbox content, in bits.",
  ContentSandboxCapable: "Whether content can be sandboxed.",
  ContentSandboxEnabled: "Whether content was sandboxed.",
  ContentSandboxLevel: "How strictly content was sandboxed.",
  DOMFissionEnabled: "Whether sites had processes of their own.",
  DOMIPCEnabled: "Whether content had processes of its own.",
  Marionette: "Whether the product was driven through Marionette.",
  RemoteAgent: "Whether the product was driven through the remote agent.",
  TelemetryEnvironment: "JSON: the environment as Telemetry describes it.",
  Winsock_LSP: "The layered service providers of Windows' sockets.",

  // As Crashpad, Breakpad and Electron name them.
  prod: "The product, as Crashpad names it.",
  ver: "The version, as Crashpad names it.",
  plat: "The platform, as Crashpad names it.",
  ptype: "The kind of process, as Crashpad names it.",
  channel: "The channel, as Chromium names it.",
  platform: "The platform, as Electron names it.",
  process_type: "The kind of process, as Electron names it.",
  _productName: "The product, as Electron names it.",
  _version: "The product's version, as Electron names it.",
} as const satisfies Record<string, string>;

const withPermission = {
  Breadcrumbs: "JSON: what happened before the crash.",
  Comments: "What the user wrote.",
  DumperError: "Why no minidump could be written.",
  GleanClientId: "The client's id in crash pings.",
  GMPLibraryPath: "The media plugin's path.",
  JavaException: "JSON: the Java exception with its causes and stack.",
  JavaStackTrace: "The Java exception as it prints itself, its message included.",
  ModuleSignatureInfo: "JSON: who signed which module.",
  MozCrashReason: "The reason that the product's code gave for crashing.",
  PHCAllocStack: "Where the memory that was misused had been allocated: addresses between commas.",
  PHCBaseAddress: "Where that memory lies, decimal.",
  PHCFreeStack: "Where that memory had been freed: addresses between commas.",
  PHCKind: "What became of that memory, as the probabilistic heap checker knows it.",
  PHCUsableSize: "The size of that memory in bytes.",
  RemoteType: "The kind of content process; for site processes with the site.",
  URL: "The page that was open.",

  // Firefox's, in no data review to be public.
  additional_minidumps: "The names of further minidumps, between commas.",
  AndroidComponentVersion: "The version of Mozilla's Android components.",
  CrashType: "What kind of report the client takes it for.",
  MinidumpSha256Hash: "The SHA-256 of the minidump, as the client computed it.",
  StackTraces: "JSON: the stacks as the client walked them.",
  LastInteractionDuration: "Milliseconds since the user last did something.",
  ProfilerChildShutdownPhase: "What the profiler did while a child process shut down.",
  AvailableSwapMemory: "Swap that was free, in bytes.",
  BackgroundTaskMode: "Whether the process ran a background task.",
  CrashEventID: "The client's own id of the crash.",
  EventLoopNestingLevel: "How deep event loops were nested.",
  GpuSandboxLevel: "How strictly the graphics process was sandboxed.",
  GraphicsNumActiveRenderers: "Renderers that were active.",
  GraphicsNumRenderers: "Renderers that there were.",
  HeadlessMode: "Whether the product ran without windows.",
  IsWayland: "Whether the product used Wayland.",
  LastStartupWasCrash: "Whether the start before this one ended in a crash.",
  LinuxMemoryPSI: "Linux' pressure stall information.",
  LinuxUnderMemoryPressure: "Whether Linux was short of memory.",
  MemtestOutput: "What a test of the memory after the crash found.",
  RDDProcessStatus: "What became of the process that decodes media.",
  ServerURL: "Where the client sends reports.",
  StartupCacheValid: "Whether the startup cache could be used.",
  UtilityProcessStatus: "What became of the utility process.",

  // Of Crashpad, Electron and Unreal Engine.
  guid: "The client's id, as Crashpad sends it.",
  list_annotations: "Annotations of a module, as Crashpad sends them.",
  _companyName: "The company, as Electron names it.",
  CrashGUID: "The crash's id, as Unreal Engine names it.",
  CrashContext: "Unreal Engine's XML about the crash.",
  UserDescription: "What the user wrote, as Unreal Engine names it.",
} as const satisfies Record<string, string>;

type PublicAnnotation = keyof typeof forAnybody;

export type AnnotationName = PublicAnnotation | keyof typeof withPermission;

export type Visibility = "public" | "protected";

/** One annotation of a crash report. */
export interface Annotation {
  readonly visibility: Visibility;
  /** In a sentence. */
  readonly description: string;
}

const rows = (table: Readonly<Record<string, string>>, visibility: Visibility) =>
  Object.entries(table).map(([name, description]) => [name, { visibility, description }] as const);

/** Every known annotation by its name. */
export const annotations = Object.fromEntries([
  ...rows(forAnybody, "public"),
  ...rows(withPermission, "protected"),
]) as Readonly<Record<AnnotationName, Annotation>>;
