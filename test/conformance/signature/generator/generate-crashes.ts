import type { CrashData } from "@mayday/signature";
import { FrameMaker } from "./frames.ts";
import { Random } from "./random.ts";

const ABORTS = [
  "unable to find a usable font (libfont.so, é)",
  "###!!! ABORT: file pour.cpp, line 7",
  "[Parent 12] ###!!! ABORT: actor has gone: file a.cpp, line 1",
  `deadlock ${"in tea ".repeat(20)}`,
  "tab\there",
];
const REASONS = [
  "SIGSEGV / SEGV_MAPERR",
  "EXCEPTION_STACK_OVERFLOW",
  "STATUS_NO_MEMORY",
  "STATUS_FATAL_MEMORY_EXHAUSTION",
  "EXCEPTION_IN_PAGE_ERROR_READ / STATUS_DEVICE_DATA_ERROR",
  "EXC_BAD_ACCESS / KERN_INVALID_ADDRESS",
];
const TIMEOUTS = [
  '{"phase":"profile-before-change","conditions":[{"name":"b"},{"name":"a"},"c"]}',
  '{"phase":"x","conditions":[]}',
  '{"conditions":null}',
  '{"phase":1}',
  '{"phase":"x","conditions":[{"nam":"y"}]}',
  "{",
  "",
];
const TRACES = [
  "java.lang.IllegalStateException: on a.V@1a2b3c4d\n\tat org.app.Main.run(Main.java:12)\n\tat x",
  "java.lang.Error\n\tat a.b(C.java:1)",
  `a.E: ${"long ".repeat(60)}\n\tat b.c(D.java:9)`,
  "a.E: no\n",
  "a.E: b",
  "a.E: é\r\n  at tea.Kt.boil(Kettle.kt:3)",
];
const OS = ["Windows NT", "Linux", "Mac OS X", "Android", null];

/**
 * Crashes of all the kinds that rules tell apart; the same ones for the same seed.
 * @param listed names as the lists have them
 */
export function* generateCrashes(
  seed: number,
  count: number,
  listed: readonly string[],
): Iterable<CrashData> {
  const random = new Random(seed);
  const maker = new FrameMaker(random, listed);
  for (let made = 0; made < count; made++) yield crash(random, maker);
}

function crash(random: Random, maker: FrameMaker): CrashData {
  const threads = random.list(1, 3, () => ({
    frames: maker.frames(),
    last_error_value: random.chance(0.03)
      ? random.pick(["ERROR_NOT_ENOUGH_MEMORY", "ERROR_SUCCESS", "ERROR_COMMITMENT_LIMIT"])
      : null,
  }));
  return {
    os: random.pick(OS),
    reason: random.pick(REASONS.slice(0, random.chance(0.3) ? REASONS.length : 1)),
    crashing_thread: random.chance(0.05) ? random.pick([null, 7]) : random.whole(0, threads.length - 1),
    threads: random.chance(0.01) ? [] : threads,
    ...circumstances(random),
  };
}

/** What some reports tell besides the stack. */
function circumstances(random: Random): CrashData {
  const some = <T>(share: number, make: () => T): T | null => (random.chance(share) ? make() : null);
  return {
    java_stack_trace: some(0.02, () => random.pick(TRACES)),
    java_exception: some(0.01, () => javaException(random)),
    oom_allocation_size: some(0.04, () => random.pick([0, 1, 262_144, 262_145, 5_000_000])),
    js_large_allocation_failure: some(0.01, () => random.pick(["Reporting", "Recovered"])),
    abort_message: some(0.04, () => random.pick(ABORTS)),
    hang: some(0.03, () => random.pick([0, 1, -1, "ui"])),
    async_shutdown_timeout: some(0.02, () => random.pick(TIMEOUTS)),
    ipc_channel_error: some(0.02, () => random.pick(["ShutDownKill", "x".repeat(120)])),
    ipc_message_name: some(0.03, () => random.pick(["PContent::Msg_Boil", ""])),
    additional_minidumps: some(0.2, () => ["upload_file_minidump_browser"]),
    mdsw_status_string: some(0.5, () => random.pick(["OK", "EmptyMinidump"])),
  };
}

function javaException(random: Random): unknown {
  const frames = random.list(0, 2, () => ({
    module: random.pick(["org.app", ""]),
    function: "run",
    filename: "A.kt",
  }));
  const stacktrace = random.pick([{ module: "java.lang", type: "Error", frames }, { type: "E", frames }, {}]);
  return { exception: { values: [{ stacktrace }] } };
}
