/**
 * What signature generation reads of a crash, in the schema that siggen's `signify` takes (snake case, JSON
 * values). Every field may be absent or null. Values come from clients and dumps, so a field of a wrong type is
 * treated as absent and never throws.
 */
export interface CrashData {
  /** Index into `threads`; absent, null or not a whole number means 0. */
  readonly crashing_thread?: number | null;
  /** The crash reason's name, such as `SIGSEGV / SEGV_MAPERR`. */
  readonly reason?: string | null;
  /** `Windows NT` makes module names lower case. */
  readonly os?: string | null;
  readonly threads?: readonly CrashThread[] | null;
  readonly java_stack_trace?: string | null;
  readonly java_exception?: unknown;
  /** Bytes that could not be allocated: a number, or its text as the annotation has it. */
  readonly oom_allocation_size?: number | string | null;
  readonly js_large_allocation_failure?: string | null;
  readonly abort_message?: string | null;
  readonly hang?: number | string | null;
  /** `{"phase": "…", "conditions": [{"name": "…"} or "…"]}` as JSON text, or the object itself. */
  readonly async_shutdown_timeout?: string | object | null;
  readonly ipc_channel_error?: string | null;
  readonly ipc_message_name?: string | null;
  /** Names of the dumps beside the main one, such as `upload_file_minidump_browser`. */
  readonly additional_minidumps?: readonly string[] | null;
  readonly mdsw_status_string?: string | null;
}

export interface CrashThread {
  readonly frames?: readonly CrashFrame[] | null;
  /** The thread's Windows last error by name, such as `ERROR_NOT_ENOUGH_MEMORY`. */
  readonly last_error_value?: string | null;
}

export interface CrashFrame {
  readonly function?: string | null;
  readonly module?: string | null;
  readonly file?: string | null;
  readonly line?: number | null;
  /** Hexadecimal text with `0x`. */
  readonly module_offset?: string | null;
  /** The instruction's address, hexadecimal text with `0x`. */
  readonly offset?: string | null;
  /** Functions inlined into this frame, innermost first. */
  readonly inlines?: readonly InlineFrame[] | null;
  readonly unloaded_modules?: readonly UnloadedModule[] | null;
}

export interface InlineFrame {
  readonly function?: string | null;
  readonly file?: string | null;
  readonly line?: number | null;
}

export interface UnloadedModule {
  readonly module?: string | null;
  readonly offsets?: readonly string[] | null;
}
