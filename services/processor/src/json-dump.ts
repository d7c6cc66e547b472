import type { ProcessedCrash } from "@mayday/crash";

/** The parts of the stackwalker's JSON that rules read. All may be absent. */
export interface JsonDump {
  readonly status?: string;
  readonly pid?: number | null;
  readonly thread_count?: number;
  readonly crash_info?: {
    readonly type?: string | null;
    readonly address?: string | null;
    readonly crashing_thread?: number | null;
    readonly crash_inconsistencies?: readonly string[] | null;
  };
  readonly system_info?: {
    readonly os?: string;
    readonly os_ver?: string;
    readonly cpu_arch?: string;
    readonly cpu_info?: string | null;
    readonly cpu_count?: number;
    readonly cpu_microcode_version?: string | null;
  };
  readonly lsb_release?: { readonly description?: string } | null;
  readonly modules?: readonly JsonModule[];
  readonly threads?: readonly JsonThread[];
  readonly crashing_thread?: JsonThread;
  readonly soft_errors?: unknown;
}

interface JsonModule {
  readonly filename: string;
  readonly debug_file?: string | null;
  readonly debug_id?: string | null;
  readonly code_id?: string | null;
  readonly version?: string | null;
  readonly missing_symbols?: boolean;
}

export interface JsonThread {
  frame_count?: number;
  frames?: readonly JsonFrame[];
  readonly thread_name?: string | null;
  readonly last_error_value?: string | null;
  truncated?: boolean;
}

export interface JsonFrame {
  readonly module?: string | null;
  readonly function?: string | null;
  readonly file?: string | null;
  readonly inlines?: readonly { readonly file?: string | null; readonly function?: string | null }[] | null;
  readonly truncated?: { readonly msg: string };
}

/** What the walk of the main dump gave; empty when there was none. */
export function dumpOf(processed: Pick<ProcessedCrash, "json_dump">): JsonDump {
  return (processed["json_dump"] as JsonDump | undefined) ?? {};
}

/** The stack of the thread that crashed; empty when it is not known. */
export function crashingFrames(processed: ProcessedCrash): readonly JsonFrame[] {
  const { crash_info, threads } = dumpOf(processed);
  const index = crash_info?.crashing_thread;
  return (index === undefined || index === null ? undefined : threads?.[index]?.frames) ?? [];
}
