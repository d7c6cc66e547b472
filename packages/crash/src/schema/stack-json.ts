/**
 * The walked minidump as JSON, in minidump-stackwalk's schema (rust-minidump's json-schema.md) and with what ours adds.
 * Addresses are `0x` and hex digits, as wide as the processor's. What is not known is null; a reader expects any field
 * to be absent, since documents of other walkers and of earlier versions are read, too.
 */
export interface StackJson {
  readonly status?: string | null;
  readonly pid?: number | null;
  /** Seconds from the process's start to the dump. */
  readonly process_uptime?: number | null;
  /** The index of the program in `modules`. */
  readonly main_module?: number | null;
  readonly modules_contains_cert_info?: boolean | null;
  readonly thread_count?: number | null;
  readonly crash_info?: CrashInfoJson | null;
  readonly system_info?: SystemInfoJson | null;
  /** The thread that crashed once more, its first frame with the registers. */
  readonly crashing_thread?: (ThreadJson & { readonly threads_index?: number | null }) | null;
  readonly threads?: readonly ThreadJson[] | null;
  readonly modules?: readonly ModuleJson[] | null;
  readonly unloaded_modules?: readonly UnloadedModuleJson[] | null;
  readonly lsb_release?: LsbReleaseJson | null;
  readonly proc_limits?: unknown;
  readonly linux_memory_map_count?: number | null;
  readonly mac_crash_info?: MacCrashInfoJson | null;
  readonly mac_boot_args?: string | null;
  readonly soft_errors?: unknown;
  readonly handles?: readonly unknown[] | null;
  /** Ours: which parts of the dump could not be read. */
  readonly unreadable?: readonly string[];
}

export interface CrashInfoJson {
  /** The reason, as the system names it. */
  readonly type?: string | null;
  readonly address?: string | null;
  /** What the address means: that of a null pointer and an offset, or the one behind a non-canonical one. */
  readonly adjusted_address?: {
    readonly kind?: string | null;
    readonly address?: string | null;
    readonly offset?: string | null;
  } | null;
  readonly assertion?: string | null;
  readonly crash_inconsistencies?: readonly string[] | null;
  /** Its index in `threads`. */
  readonly crashing_thread?: number | null;
  readonly instruction?: string | null;
  readonly instruction_pointer_update?: { readonly address?: string | null } | null;
  readonly memory_accesses?: readonly MemoryAccessJson[] | null;
  readonly possible_bit_flips?: readonly PossibleBitFlipJson[] | null;
}

interface MemoryAccessJson {
  readonly address?: string | null;
  /** In bytes. */
  readonly size?: number | null;
  readonly access_type?: string | null;
  readonly is_likely_guard_page?: boolean | null;
}

interface PossibleBitFlipJson {
  readonly address?: string | null;
  readonly source_register?: string | null;
  /** From 0 to 1. */
  readonly confidence?: number | null;
  readonly details?: unknown;
}

export interface SystemInfoJson {
  readonly os?: string | null;
  readonly os_ver?: string | null;
  readonly cpu_arch?: string | null;
  readonly cpu_info?: string | null;
  readonly cpu_count?: number | null;
  readonly cpu_microcode_version?: string | null;
}

interface LsbReleaseJson {
  readonly id?: string | null;
  readonly release?: string | null;
  readonly codename?: string | null;
  readonly description?: string | null;
}

export interface ThreadJson {
  readonly thread_id?: number | null;
  readonly thread_name?: string | null;
  readonly last_error_value?: string | null;
  readonly frame_count?: number | null;
  readonly frames?: readonly FrameJson[] | null;
  /** Whether the processor left out frames in the middle. */
  readonly truncated?: boolean | null;
  /** Ours: the frames the walker left out in the middle. */
  readonly omitted_frames?: { readonly after: number; readonly count: number } | null;
}

export interface FrameJson {
  /** From 0, the innermost. */
  readonly frame?: number | null;
  /** How the frame was found: `context`, `cfi`, `frame_pointer`, `scan` and the like. */
  readonly trust?: string | null;
  readonly offset?: string | null;
  readonly module?: string | null;
  readonly module_offset?: string | null;
  readonly function?: string | null;
  readonly function_offset?: string | null;
  readonly file?: string | null;
  readonly line?: number | null;
  readonly missing_symbols?: boolean | null;
  /** Functions that were inlined here, the innermost first. */
  readonly inlines?: readonly InlineJson[] | null;
  readonly unloaded_modules?:
    | readonly { readonly module?: string | null; readonly offsets?: readonly string[] | null }[]
    | null;
  readonly registers?: Readonly<Record<string, string>> | null;
  /** Stands in place of the frames that were left out. */
  readonly truncated?: { readonly msg: string } | null;
}

export interface InlineJson {
  readonly function?: string | null;
  readonly file?: string | null;
  readonly line?: number | null;
}

export interface ModuleJson {
  readonly base_addr?: string | null;
  readonly end_addr?: string | null;
  readonly filename?: string | null;
  /** Ours: the file's name as the dump has it, where it had to be cleaned. */
  readonly name_in_dump?: string | null;
  readonly debug_file?: string | null;
  readonly debug_id?: string | null;
  readonly code_id?: string | null;
  readonly version?: string | null;
  readonly cert_subject?: string | null;
  readonly loaded_symbols?: boolean | null;
  readonly missing_symbols?: boolean | null;
  readonly corrupt_symbols?: boolean | null;
  readonly symbol_url?: string | null;
}

export interface UnloadedModuleJson {
  readonly base_addr?: string | null;
  readonly end_addr?: string | null;
  readonly filename?: string | null;
  readonly code_id?: string | null;
  readonly cert_subject?: string | null;
}

interface MacCrashInfoJson {
  readonly num_records?: number | null;
  readonly records?: readonly Readonly<Record<string, unknown>>[] | null;
}

/** Keys of the stackwalker's JSON, at whatever depth, that may hold what was in memory or who the user is. */
export const protectedInStackJson: ReadonlySet<string> = new Set([
  "registers",
  "mac_boot_args",
  "soft_errors",
  "is_likely_guard_page",
  "handles",
]);
