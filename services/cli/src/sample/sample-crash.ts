import {
  type CrashId,
  dayOf,
  type FrameJson,
  newCrashId,
  type ProcessedCrash,
  type RawCrash,
  type StackJson,
  type ThreadJson,
  timestamp,
} from "@mayday/crash";
import { type Build, builds, isAtLeast } from "./builds.ts";
import { comments } from "./comments.ts";
import { type Fault, faults, type SampleFrame } from "./faults.ts";
import { type Machine, machine } from "./machines.ts";
import type { Random } from "./random.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** How far back the sample reaches. */
export const SAMPLE_DAYS = 28;

export interface SampleCrash {
  readonly id: CrashId;
  readonly raw: RawCrash;
  readonly processed: ProcessedCrash;
}

/** A crash of the sample: one of the products' faults, on one of their builds, on some day of the last four weeks. */
export function sampleCrash(random: Random, now: Date): SampleCrash {
  const { fault, build, time } = happening(random, now);
  const on = machine(random, fault.platforms);
  const id = newCrashId(uuid(random), time, 0);
  const happened = { id, fault, build, buildId: buildId(build, now, time), time };
  const raw = rawCrash(random, happened);
  return { id, raw, processed: processedCrash(random, { ...happened, on, raw }) };
}

interface Happening {
  readonly fault: Fault;
  readonly build: Build;
  readonly time: Date;
}

/** Draws until something comes out that can have happened: a build is used only once it is out. */
function happening(random: Random, now: Date): Happening {
  for (;;) {
    const age = random.next() * SAMPLE_DAYS;
    const fault = random.weighted(faults.map((one) => [one, one.weight] as const));
    const build = random.weighted(
      builds.filter(({ product }) => product === fault.product).map((one) => [one, one.users] as const),
    );
    const time = new Date(now.getTime() - age * DAY_MS);
    const isOut = build.age > age;
    const hasFault = fault.since === undefined || isAtLeast(build.version, fault.since);
    // People crash less at the weekend.
    const share = [0, 6].includes(time.getUTCDay()) ? 0.6 : 1;
    const risen = fault.rising === undefined ? 1 : fault.rising ** (-age / SAMPLE_DAYS);
    if (isOut && hasFault && random.chance(share * risen)) return { fault, build, time };
  }
}

function uuid(random: Random): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
}

/** The id of what was built on a day. */
export const builtOn = (day: Date): string => `${dayOf(day)}093000`;

/** A nightly is built anew each day, and a crash is of that day's; any other version was built once. */
const buildId = ({ age, channel }: Build, now: Date, time: Date): string =>
  builtOn(new Date(channel === "nightly" ? time.getTime() - DAY_MS : now.getTime() - age * DAY_MS));

interface Crash extends Happening {
  readonly id: CrashId;
  readonly buildId: string;
}

function rawCrash(random: Random, { id, fault, build, buildId, time }: Crash): RawCrash {
  const comment = random.chance(0.04) ? { Comments: random.pick(comments) } : {};
  return {
    ProductName: fault.product,
    Version: build.version.replace(/b\d+$/, ""),
    ReleaseChannel: build.channel,
    BuildID: buildId,
    Vendor: "Example",
    CrashTime: String(Math.floor(time.getTime() / 1000) - 20),
    Notes: "made by npm start -- --sample",
    ...comment,
    uuid: id,
    version: 2,
    submitted_timestamp: timestamp(time),
    metadata: {
      payload: "json",
      payload_compressed: "1",
      payload_size: 100_000 + random.below(400_000),
      collector_notes: [],
      dump_checksums: {},
      user_agent: "sample",
      throttle_rule: build.kept === 100 ? "is_alpha_beta_esr" : "accept_everything",
      throttle_percent: build.kept,
    },
  };
}

function processedCrash(
  random: Random,
  { id, fault, build, buildId, time, on, raw }: Crash & { on: Machine; raw: RawCrash },
): ProcessedCrash {
  const isStartup = random.chance(fault.startup ?? 0.03);
  const uptime = isStartup ? random.below(20) : random.seconds(5400);
  const installAge = random.seconds(build.age * 40_000);
  const crashTime = Math.floor(time.getTime() / 1000) - 20;
  const seconds = `${time.toISOString().slice(0, 19)}+00:00`;
  const reason = fault.reason ?? reasonOn(on.os_name);
  const address = fault.address ?? `0x${random.hex(16)}`;
  const locale = random.pick(["en-US", "en-US", "de", "fr", "ja", "ru", "ar", "ko", "pt-BR"]);
  const json = stackJson(random, { fault, on, reason, address });
  const functions = fault.frames.flatMap(namesOf);
  return {
    uuid: id,
    crash_id: id,
    signature: fault.signature,
    ...(functions.length === 0 ? {} : { proto_signature: functions.slice(0, 20).join(" | ") }),
    report_type: fault.hang === true ? "hang" : "crash",
    success: true,
    submitted_timestamp: timestamp(time),
    date_processed: timestamp(time),
    started_datetime: seconds,
    completed_datetime: seconds,
    processor_notes: ">>> a crash of the sample: nothing was processed",
    processor_history: [],
    crash_report_keys: Object.keys(raw).sort(),
    collector_metadata: raw.metadata,
    product: fault.product,
    version: build.version,
    major_version: Number.parseInt(build.version, 10),
    build: buildId,
    release_channel: build.channel,
    vendor: "Example",
    useragent_locale: locale,
    process_type: random.pick(
      fault.processTypes ?? ["parent", "parent", "parent", "content", "content", "gpu"],
    ),
    reason,
    address,
    crashing_thread: 0,
    crashing_thread_name: "MainThread",
    thread_count: json.threads?.length ?? 0,
    ...(fault.mozCrashReason === undefined ? {} : { moz_crash_reason: fault.mozCrashReason }),
    ...(fault.oomBytes === undefined ? {} : { oom_allocation_size: fault.oomBytes }),
    ...(fault.java === undefined ? {} : { java_stack_trace: fault.java }),
    ...(typeof raw.Comments === "string" ? { user_comments: raw.Comments } : {}),
    ...(fault.hang === true ? { shutdown_progress: "quit-application", async_shutdown_timeout: "{}" } : {}),
    crash_time: crashTime,
    client_crash_date: `${new Date(crashTime * 1000).toISOString().slice(0, 19)}+00:00`,
    uptime,
    install_time: crashTime - installAge,
    install_age: installAge,
    last_crash: random.chance(0.5) ? random.seconds(300_000) : null,
    startup_crash: isStartup,
    ...on,
    total_physical_memory: random.pick([4, 8, 16, 16, 32, 64]) * 2 ** 30,
    system_memory_use_percentage: 20 + random.below(75),
    is_garbage_collecting: fault.signature.includes("::gc::") && random.chance(0.97),
    safe_mode: random.chance(0.01),
    dom_fission_enabled: random.chance(0.9),
    addons: random.chance(0.4) ? [`lid@example.org:${random.below(3)}.0`, "infuser@example.org:1.2"] : [],
    app_notes: "made by npm start -- --sample",
    throttleable: true,
    json_dump: json,
    mdsw_status_string: "OK",
    stackwalk_version: "sample",
    ...missingSymbols(json),
  };
}

function reasonOn(system: string): string {
  switch (system) {
    case "Windows NT":
      return "EXCEPTION_ACCESS_VIOLATION_READ";
    case "Mac OS X":
      return "EXC_BAD_ACCESS / KERN_INVALID_ADDRESS";
    default:
      return "SIGSEGV / SEGV_MAPERR";
  }
}

const namesOf = ({ function: name, module, inlines = [] }: SampleFrame): string[] =>
  [...inlines.map((call) => call.function), name ?? module ?? ""].map((text) => text.replace(/\(.*$/, ""));

const PROGRAMS: Readonly<Record<string, string>> = {
  "Windows NT": "teapot.dll",
  "Mac OS X": "Teapot",
  Linux: "libteapot.so",
  Android: "libkettle.so",
};
const WAITING = [
  "StyleThread",
  "BackgroundThreadPool",
  "ImageBridge",
  "DNS Resolver",
  "IPC I/O",
  "Compositor",
];

function stackJson(
  random: Random,
  { fault, on, reason, address }: { fault: Fault; on: Machine; reason: string; address: string },
): StackJson {
  const program = PROGRAMS[on.os_name] ?? "teapot";
  const crashed: ThreadJson = {
    thread_id: 1000,
    thread_name: "MainThread",
    frame_count: fault.frames.length,
    frames: fault.frames.map((frame, index) => frameJson(random, frame, index, program)),
  };
  const waiting = WAITING.flatMap((name) =>
    Array.from({ length: 1 + random.below(5) }, (_, n) => waitingThread(random, `${name} #${n}`, on)),
  );
  const names = new Set(fault.frames.map(({ module }) => module ?? program));
  return {
    status: "OK",
    thread_count: waiting.length + 1,
    crash_info: { type: reason, address, crashing_thread: 0, ...adjusted(address) },
    system_info: { os: on.os_name, os_ver: on.os_version, cpu_arch: on.cpu_arch, cpu_count: on.cpu_count },
    crashing_thread: { ...crashed, threads_index: 0 },
    threads: [crashed, ...waiting],
    modules: [...names, ...waitingModules(on)].map((filename, index) => ({
      filename,
      base_addr: `0x00007ff8c${index.toString(16)}000000`,
      end_addr: `0x00007ff8c${index.toString(16)}ffffff`,
      debug_file: filename.replace(/\.dll$/, ".pdb"),
      debug_id: `${String(index + 1).padStart(2, "0")}A2B3C4D5E6F708192A3B4C5D6E7F801`,
      code_id: "",
      version: "1.6.0",
      loaded_symbols: filename === program,
      missing_symbols: fault.frames.some(
        (frame) => frame.module === filename && frame.function === undefined,
      ),
      corrupt_symbols: false,
    })),
  };
}

function adjusted(address: string) {
  if (/^0x0{12,}[0-9a-f]{1,3}$/.test(address)) {
    const offset = `0x${address.slice(2).replace(/^0+/, "").padStart(1, "0")}`;
    return { adjusted_address: { kind: "null-pointer", offset } };
  }
  return address.startsWith("0xe5e5") ? { adjusted_address: { kind: "non-canonical", address } } : {};
}

function frameJson(random: Random, frame: SampleFrame, index: number, program: string): FrameJson {
  const offset = `0x${random.hex(6)}`;
  const hasSymbols = frame.function !== undefined;
  return {
    frame: index,
    trust: index === 0 ? "context" : hasSymbols ? "cfi" : random.pick(["scan", "frame_pointer"]),
    offset: `0x00007ff8c0${offset.slice(2)}`,
    module: frame.module ?? program,
    module_offset: offset,
    function: frame.function ?? null,
    function_offset: hasSymbols ? "0x1f" : null,
    file: frame.file ?? null,
    line: frame.line ?? null,
    missing_symbols: !hasSymbols,
    inlines: frame.inlines ?? null,
  };
}

const waitingModules = (on: Machine): string[] =>
  on.os_name === "Windows NT" ? ["ntdll.dll", "KERNELBASE.dll"] : ["libc.so.6"];

function waitingThread(random: Random, name: string, on: Machine): ThreadJson {
  const isWindows = on.os_name === "Windows NT";
  const [first, second] = isWindows
    ? ["NtWaitForAlertByThreadId", "SleepConditionVariableSRW"]
    : ["__futex_abstimed_wait_common64", "pthread_cond_wait"];
  const [low = "", high = low] = waitingModules(on);
  const frames = [
    { function: first, module: low },
    { function: second, module: high },
    {
      function: "teapot::ThreadPool::worker(unsigned int)",
      file: "git:github.com/teapot-example/teapot:src/base/thread_pool.cpp:v1.6",
      line: 88,
    },
  ];
  return {
    thread_id: random.below(60_000),
    thread_name: name,
    frame_count: frames.length,
    frames: frames.map((frame, index) =>
      frameJson(random, frame as SampleFrame, index, PROGRAMS[on.os_name]!),
    ),
  };
}

/** As the rules MissingSymbols and ModulesInStack write them. */
function missingSymbols({ modules, crashing_thread }: StackJson): ProcessedCrash {
  const missing = (modules ?? []).filter((module) => module.missing_symbols);
  const onStack = new Set(crashing_thread?.frames?.map(({ module }) => module));
  const inStack = (modules ?? []).filter(({ filename }) => onStack.has(filename));
  return {
    ...(missing.length === 0
      ? {}
      : {
          missing_symbols: missing.map((one) => `${one.filename}/${one.version}/${one.debug_id}`).join(";"),
        }),
    modules_in_stack: inStack.map((one) => `${one.filename}/${one.debug_id}`).join(";"),
  };
}
