import { z } from "zod";

const text = z.string().nullish();
const textOrNumber = z.union([z.string(), z.number()], { error: "expected text or a number" }).nullish();

const inlineFrame = z.object({ function: text, file: text, line: textOrNumber }).readonly();

const unloadedModule = z
  .object({ module: text, offsets: z.array(z.string()).readonly().nullish() })
  .readonly();

const crashFrame = z
  .object({
    function: text,
    module: text,
    file: text,
    line: textOrNumber,
    /** Hexadecimal text with `0x`. */
    module_offset: text,
    /** The instruction's address, hexadecimal text with `0x`. */
    offset: text,
    /** Functions inlined into this frame, innermost first. */
    inlines: z.array(inlineFrame).readonly().nullish(),
    unloaded_modules: z.array(unloadedModule).readonly().nullish(),
  })
  .readonly();

const crashThread = z
  .object({
    frames: z.array(crashFrame).readonly().nullish(),
    /** The thread's Windows last error by name, such as `ERROR_NOT_ENOUGH_MEMORY`. */
    last_error_value: text,
  })
  .readonly();

/**
 * What signature generation reads of a crash, in the schema that siggen's `signify` takes (snake case, JSON
 * values). Every field may be absent or null, and there may be others.
 */
export const crashDataSchema = z
  .object({
    /** Index into `threads`; absent and null mean 0. */
    crashing_thread: z.int().nullish(),
    /** The crash reason's name, such as `SIGSEGV / SEGV_MAPERR`. */
    reason: text,
    /** `Windows NT` makes module names lower case. */
    os: text,
    threads: z.array(crashThread).readonly().nullish(),
    java_stack_trace: text,
    java_exception: z.unknown().optional(),
    /** Bytes that could not be allocated: a number, or its text as the annotation has it. */
    oom_allocation_size: textOrNumber,
    js_large_allocation_failure: text,
    abort_message: text,
    hang: textOrNumber,
    /** `{"phase": "…", "conditions": [{"name": "…"} or "…"]}` as JSON text, or the object itself. */
    async_shutdown_timeout: z
      .union([z.string(), z.record(z.string(), z.unknown())], { error: "expected JSON text or an object" })
      .nullish(),
    ipc_channel_error: text,
    ipc_message_name: text,
    /** Names of the dumps beside the main one, such as `upload_file_minidump_browser`. */
    additional_minidumps: z.array(z.string()).readonly().nullish(),
    mdsw_status_string: text,
  })
  .readonly();

/**
 * See {@link crashDataSchema}. Generation itself trusts none of it: in a stored crash values come from clients and
 * dumps, so a field of a wrong type is treated as absent and never throws.
 */
export type CrashData = z.infer<typeof crashDataSchema>;
export type CrashThread = z.infer<typeof crashThread>;
export type CrashFrame = z.infer<typeof crashFrame>;
export type InlineFrame = z.infer<typeof inlineFrame>;
export type UnloadedModule = z.infer<typeof unloadedModule>;
