import type { CrashData } from "@mayday/signature";
import { kinds } from "./kinds.ts";

/** A crash that one rule, or one kind of difference, is about. */
export interface RuleDocument {
  readonly says: string;
  readonly crash: CrashData;
  /** The kinds of difference between siggen 2.2 and Socorro that it shows. */
  readonly kinds?: readonly string[];
  /** The rule that fails in siggen, where ours does not. */
  readonly failsIn?: string;
}

const named = (...names: readonly string[]): CrashData => ({
  os: "Linux",
  crashing_thread: 0,
  threads: [{ frames: names.map((name) => ({ function: name })) }],
});
const run = named("app::run(int)");
const oom = (fields: CrashData): CrashData => ({ ...run, ...fields });
const java = (java_stack_trace: string): CrashData => ({ java_stack_trace });
const exception = (stacktrace: unknown): CrashData => ({
  java_exception: { exception: { values: [{ stacktrace }] } },
});
const shutdown = (timeout: unknown): CrashData => ({
  ...run,
  async_shutdown_timeout: JSON.stringify(timeout),
});
const rust = (name: string, file = "/rustc/1/library/core/src/x.rs"): CrashData => ({
  threads: [{ frames: [{ function: name, file }] }],
});

/** Documents for every rule and every way it can go, with Mozilla's lists. */
export const ruleDocuments: readonly RuleDocument[] = [
  { says: "a function", crash: run },
  { says: "prefixes and what follows", crash: named("memcpy", "free", "app::run()", "main") },
  { says: "irrelevant frames", crash: named("raise", "__cxa_throw", "app::run()") },
  { says: "a sentinel", crash: named("app::hook", "_purecall", "app::run()") },
  { says: "nothing but irrelevant frames", crash: named("raise", "raise") },
  { says: "no threads", crash: {} },
  { says: "no frames", crash: { threads: [{ frames: [] }] } },
  { says: "a thread that is not there", crash: { ...run, crashing_thread: 9 } },
  { says: "another thread", crash: { crashing_thread: 1, threads: [{}, { frames: [{ function: "b" }] }] } },
  { says: "file and line", crash: { threads: [{ frames: [{ file: "c:\\tea\\pour.cpp", line: 3 }] }] } },
  {
    says: "modules, on Windows in lower case",
    crash: {
      os: "Windows NT",
      threads: [{ frames: [{ module: "XUL.dll" }, { module: "xul.dll" }, { module: "Tea.EXE" }] }],
    },
  },
  { says: "a module in brackets", crash: { threads: [{ frames: [{ module: "[vdso]" }] }] } },
  {
    says: "an unloaded module",
    crash: { threads: [{ frames: [{ unloaded_modules: [{ module: "gone.dll" }] }] }] },
  },
  { says: "addresses", crash: { threads: [{ frames: [{ offset: "0x0000" }, { offset: "0x0041" }] }] } },
  {
    says: "inlined functions",
    crash: {
      threads: [
        { frames: [{ function: "outer", inlines: [{ function: "free" }, { function: "inner()" }] }] },
      ],
    },
  },
  { says: "more than 40 frames", crash: named(...Array.from({ length: 50 }, () => "raise"), "app::run") },
  {
    says: "a line number",
    crash: { threads: [{ frames: [{ function: "js_Interpret(JSContext*)", line: 12 }] }] },
  },
  { says: "a function of Rust", crash: rust("static void servo_arc::Arc<X>::drop_slow<X>()") },
  {
    says: "a method of a trait",
    crash: rust("<rayon_core::job::HeapJob<BODY> as rayon_core::job::Job>::execute"),
  },
  { says: "Rust's hash", crash: rust("app::run::h0123456789abcdef") },
  {
    says: "a name without its path",
    crash: rust("panic_bounds_check", "git:github.com/rust-lang/rust:src/libcore/panicking.rs:91856ed"),
  },
  { says: "an operator that converts", crash: named("JS::Heap<JSObject*>::operator JSObject* const &()") },
  { says: "a call operator", crash: named("operator()(s,t,u)") },
  { says: "a lambda", crash: named("ShutdownWorkThreads::$_52::__invoke") },
  { says: "MSVC's anonymous namespace", crash: named("`anonymous namespace'::run(int)") },
  { says: "parameter traits", crash: named("IPC::ParamTraits<mozilla::Span<int> >::Read(int)") },
  { says: "a cold part", crash: named("memcpy", "app::run(int)[clone .cold.12]") },
  { says: "a name left out", crash: named("<name omitted>", "<name omitted>", "app::run") },
  { says: "an unknown name", crash: named("<unknown in igd10iumd64.dll>") },
  {
    says: "a generic method of C#",
    crash: named("System.Void Tea.Kettle`1<System.Int32>.Boil(System.Int32)"),
  },
  { says: "an iterator of C#", crash: named("Tea.Kettle.<Boil>d__5.MoveNext()") },
  { says: "a nested class of C#", crash: named("static void Tea.Kettle+Cup.Pour(string, int&)") },
  { says: "a stack trace of Java", crash: java("a.E: no\n\tat b.C.d(C.java:12)") },
  { says: "an object's address in it", crash: java("a.E: on a.V@1a2b3c4d\n\tat b.C.d(C.java:12)") },
  { says: "a long description in it", crash: java(`a.E: ${"d".repeat(300)}\n\tat b.c(D.java:1)`) },
  { says: "a trace without a colon", crash: java("a.E\n\tat b.c(D.java:1)") },
  { says: "a trace of one line", crash: java("a.E: x") },
  { says: "a trace with an empty line", crash: java("a.E: x\n\n") },
  {
    says: "an exception of Java",
    crash: exception({
      module: "java.lang",
      type: "Error",
      frames: [{ module: "a.B", function: "c", filename: "B.kt" }],
    }),
  },
  {
    says: "an exception without module and file",
    crash: exception({ type: "Error", frames: [{ function: "c" }] }),
  },
  { says: "an exception that knows no frame", crash: exception({ type: "Error", frames: [{}] }) },
  { says: "an exception without frames", crash: exception({ type: "Error" }) },
  { says: "an exception without a stack", crash: exception({}) },
  { says: "the stackwalker's error", crash: { mdsw_status_string: "EmptyMinidump" } },
  { says: "the stackwalker's error, with a stack", crash: { ...run, mdsw_status_string: "EmptyMinidump" } },
  { says: "bad hardware", crash: { ...run, reason: "EXCEPTION_IN_PAGE_ERROR / STATUS_DEVICE_DATA_ERROR" } },
  { says: "a small allocation", crash: oom({ oom_allocation_size: 262_144 }) },
  { says: "a large allocation", crash: oom({ oom_allocation_size: 262_145 }) },
  { says: "an allocation's size as text", crash: oom({ oom_allocation_size: "300000" }) },
  { says: "an out-of-memory function", crash: named("NS_ABORT_OOM(unsigned long)") },
  {
    says: "an out-of-memory error of the thread",
    crash: { threads: [{ frames: [{ function: "f" }], last_error_value: "ERROR_COMMITMENT_LIMIT" }] },
  },
  { says: "an out-of-memory reason", crash: oom({ reason: "STATUS_NO_MEMORY" }) },
  { says: "a large allocation of JavaScript", crash: oom({ js_large_allocation_failure: "Reporting" }) },
  { says: "one that was recovered from", crash: oom({ js_large_allocation_failure: "Recovered" }) },
  {
    says: "an abort message",
    crash: { ...run, abort_message: "[12] ###!!! ABORT: no tea: file pour.cpp, line 7" },
  },
  {
    says: "an abort message that is only a place",
    crash: { ...run, abort_message: "###!!! ABORT: file pour.cpp, line 7" },
  },
  {
    says: "an abort message about fonts",
    crash: { ...run, abort_message: "unable to find a usable font (Tee)" },
  },
  { says: "a long abort message", crash: { ...run, abort_message: `é${"x".repeat(90)}` } },
  { says: "a shutdown timeout", crash: shutdown({ phase: "p", conditions: [{ name: "b" }, "a"] }) },
  { says: "a shutdown timeout without conditions", crash: shutdown({ phase: "p", conditions: [] }) },
  { says: "a shutdown timeout without a phase", crash: shutdown({ conditions: null }) },
  { says: "a shutdown timeout without a name", crash: shutdown({ phase: "p", conditions: [{}] }) },
  { says: "a shutdown timeout that is no JSON", crash: { ...run, async_shutdown_timeout: "{" } },
  {
    says: "the watchdog",
    crash: {
      crashing_thread: 1,
      threads: [
        { frames: [{ function: "poll" }, { function: "app::wait()" }] },
        { frames: [{ function: "mozilla::RunWatchdog(void*)" }] },
      ],
    },
  },
  { says: "an IPC error", crash: { ...run, ipc_channel_error: "ShutDownKill" } },
  {
    says: "an IPC error of the browser",
    crash: {
      ...run,
      ipc_channel_error: "x".repeat(101),
      additional_minidumps: ["upload_file_minidump_browser"],
    },
  },
  { says: "an IPC message", crash: { ...run, ipc_message_name: "PContent::Msg" } },
  { says: "a stack overflow", crash: { ...run, reason: "EXCEPTION_STACK_OVERFLOW" } },
  { says: "a hang", crash: { ...run, hang: 0 } },
  { says: "many blanks", crash: named("a::operator  x   y") },
  { says: "a long signature", crash: named("f".repeat(256)) },
  {
    says: "all rules at once",
    crash: {
      ...run,
      reason: "EXCEPTION_STACK_OVERFLOW",
      hang: 1,
      abort_message: "no",
      ipc_message_name: "M",
    },
  },

  {
    says: "a Rust name in a file not known as Rust",
    crash: named("<tea::Cup as core::fmt::Display>::fmt"),
    kinds: [kinds.as],
  },
  {
    says: "a less operator",
    crash: named("js::jit::CodePosition::operator<(js::jit::CodePosition) const"),
    kinds: [kinds.operator],
  },
  {
    says: "a three-way operator",
    crash: named("app::Version::operator<=>(app::Version) const"),
    kinds: [kinds.operator],
  },
  {
    says: "parameter traits within a template",
    crash: named("std::map<IPC::ParamTraits<int>, int>::at(int)"),
    kinds: [kinds.traits],
  },
  {
    says: "a name left out within a template",
    crash: named("f<a, <name omitted>, b>(int)"),
    kinds: [kinds.omitted],
  },
  {
    says: "an operator among arguments",
    crash: named("f(decltype(operator new))"),
    kinds: [kinds.argumentOperator],
  },
  {
    says: "an anonymous namespace among arguments",
    crash: named("f((anonymous namespace)::Milk*)"),
    kinds: [kinds.argumentAnonymous],
  },
  {
    says: "a template behind a word that siggen keeps",
    crash: named("a::operator b in <int>"),
    kinds: [kinds.brackets],
  },
  {
    says: "a name that is nothing but qualifiers",
    crash: named("const &", "app::run"),
    kinds: [kinds.emptyName],
  },
  { says: "characters that are not printable", crash: named("app::naïve\u007f"), kinds: [kinds.printable] },
  {
    says: "the watchdog, where siggen's own lists differ from the given ones",
    crash: {
      crashing_thread: 1,
      threads: [
        { frames: [{ function: "core::option::unwrap_failed" }, { function: "app::wait()" }] },
        { frames: [{ function: "mozilla::RunWatchdog(void*)" }] },
      ],
    },
    kinds: [kinds.watchdog],
  },

  {
    says: "a shutdown timeout as an object",
    crash: { ...run, async_shutdown_timeout: { phase: "p" } },
    failsIn: "SignatureShutdownTimeout",
  },
  {
    says: "an allocation's size that is no number",
    crash: oom({ oom_allocation_size: "much" }),
    failsIn: "OOMSignature",
  },
  {
    says: "frames that are null",
    crash: { threads: [{ frames: null }] },
    failsIn: "SignatureGenerationRule",
  },
];
