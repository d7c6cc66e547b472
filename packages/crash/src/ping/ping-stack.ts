import { type PingBody, valueAt } from "./ping-annotations.ts";

/** A module of a ping's frames. */
export interface PingModule {
  readonly filename: string;
  readonly debugFile: string;
  readonly debugId: string;
  readonly codeId: string;
  readonly version: string;
  readonly base: bigint;
  readonly end: bigint;
}

export interface PingFrame {
  /** The instruction's address. */
  readonly ip: bigint;
  /** Of `modules`; undefined where the frame is in none. */
  readonly module?: number;
  readonly trust: string;
  /** The unloaded module that was there, where the ping tells. */
  readonly unloaded?: { readonly name: string; readonly offset: bigint };
}

/** The stacks of a ping: what can be read of them, within bounds. */
export interface PingStack {
  readonly reason: string;
  readonly address: string;
  /** Why the client could not walk. */
  readonly error: string;
  /** The main thread, where it came, and the one that crashed. */
  readonly threads: readonly { readonly frames: readonly PingFrame[]; readonly omitted: number }[];
  /** The one that crashed: of `threads`. */
  readonly crashingThread: number;
  /** Those that frames are in, each once. */
  readonly modules: readonly PingModule[];
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

/** Frames of a thread: from each end half of them. Signatures are made of 40. */
const MOST_FRAMES = 100;
const LONGEST_NAME = 255;
const MOST_UNLOADED = 500;
const LARGEST_OFFSET = 0xffff_ffffn;

type Json = Readonly<Record<string, unknown>>;

/** The names of one thing in today's pings and in those of old. */
const names = {
  reason: ["crash_type", "type"],
  address: ["crash_address", "address"],
  thread: ["crash_thread", "crashing_thread"],
  base: ["base_address", "base_addr"],
  end: ["end_address", "end_addr"],
} as const;

/** Reads the stacks of a ping. Undefined where it has none. Nothing in it is trusted; whatever it says costs a bounded time. */
export function pingStack({ kind, ping }: PingBody): PingStack | undefined {
  const traces = recordOf(
    kind === "glean"
      ? valueAt(ping, ["metrics", "object", "crash.stack_traces"])
      : (valueAt(ping, ["payload", "stack_traces"]) ?? valueAt(ping, ["payload", "stackTraces"])),
  );
  if (Object.keys(traces).length === 0) return undefined;
  const about = kind === "glean" ? traces : { ...recordOf(traces["crash_info"]), ...traces };
  const reader = new Reader(traces);
  const address = textOf(first(about, names.address));
  const { threads, crashingThread } = threadsOf(traces, about, address, reader);
  return {
    reason: textOf(first(about, names.reason)),
    address,
    error: textOf(traces["error"]),
    threads,
    crashingThread,
    modules: reader.modules,
    notes: reader.notes,
  };
}

function threadsOf(traces: Json, about: Json, address: string, reader: Reader) {
  const listed = listOf(traces["threads"]);
  const said = first(about, names.thread);
  const index = said === undefined ? 0 : typeof said === "number" && Number.isInteger(said) ? said : -1;
  const crashed = index >= 0 && index < listed.length ? reader.thread(listed[index]) : NO_THREAD;
  if (crashed.frames.length > 0) {
    // The watchdog's signature is made of the main thread, which is the first.
    return index === 0
      ? { threads: [crashed], crashingThread: 0 }
      : { threads: [reader.thread(listed[0]), crashed], crashingThread: 1 };
  }
  if (listed.length > 0 && index !== 0)
    reader.notes.push("the thread that crashed is none of the ping's threads, or has no frames");
  const ip = hex(address);
  const alone = ip === undefined ? NO_THREAD : { frames: [{ ip, trust: "none" }], omitted: 0 };
  return { threads: [alone], crashingThread: 0 };
}

const NO_THREAD: PingStack["threads"][number] = { frames: [], omitted: 0 };

/** Reads frames, and of the modules those that frames are in: a ping may name any number of others. */
class Reader {
  readonly modules: PingModule[] = [];
  readonly notes: string[] = [];
  readonly #listed: readonly unknown[];
  readonly #unloaded: readonly { name: string; base: bigint; end: bigint }[];
  /** By index in the ping; undefined for those that are none. */
  readonly #known = new Map<number, number | undefined>();

  constructor(traces: Json) {
    this.#listed = listOf(traces["modules"]);
    this.#unloaded = listOf(traces["unloaded_modules"])
      .slice(0, MOST_UNLOADED)
      .map(recordOf)
      .flatMap((module) => {
        const [base, end] = [hex(first(module, names.base)), hex(first(module, names.end))];
        return base === undefined || end === undefined
          ? []
          : [{ name: baseName(textOf(module["filename"])), base, end }];
      });
  }

  thread(thread: unknown): PingStack["threads"][number] {
    const all = listOf(recordOf(thread)["frames"]);
    const omitted = Math.max(0, all.length - MOST_FRAMES);
    const kept =
      omitted === 0 ? all : [...all.slice(0, MOST_FRAMES / 2), ...all.slice(all.length - MOST_FRAMES / 2)];
    const frames = kept.flatMap((frame) => this.#frame(recordOf(frame)) ?? []);
    if (frames.length < kept.length)
      this.#note(`${kept.length - frames.length} frames have no address and are left out`);
    if (omitted > 0) this.#note(`${omitted} frames in the middle of a stack are left out`);
    return { frames, omitted };
  }

  #frame(frame: Json): PingFrame | undefined {
    const ip = hex(frame["ip"]);
    if (ip === undefined) return undefined;
    const trust = textOf(frame["trust"]) || "none";
    const said = frame["module_index"];
    const module = typeof said === "number" ? this.#module(said) : undefined;
    if (module !== undefined) {
      const offset = ip - this.modules[module]!.base;
      if (offset >= 0n && offset <= LARGEST_OFFSET) return { ip, trust, module };
      this.#note("a frame lies outside of its module");
    }
    const unloaded = this.#unloaded.find(({ base, end }) => ip >= base && ip < end);
    return unloaded === undefined
      ? { ip, trust }
      : { ip, trust, unloaded: { name: unloaded.name, offset: ip - unloaded.base } };
  }

  #module(index: number): number | undefined {
    if (this.#known.has(index)) return this.#known.get(index);
    const read = moduleOf(this.#listed[index]);
    if (read === undefined) this.#note("a frame's module cannot be read");
    const at = read === undefined ? undefined : this.modules.push(read) - 1;
    this.#known.set(index, at);
    return at;
  }

  /** Each once. */
  #note(note: string): void {
    if (!this.notes.includes(note)) this.notes.push(note);
  }
}

function moduleOf(value: unknown): PingModule | undefined {
  const module = recordOf(value);
  const base = hex(first(module, names.base));
  if (base === undefined) return undefined;
  const debugFile = baseName(textOf(module["debug_file"]));
  return {
    filename: baseName(textOf(module["filename"])) || debugFile,
    debugFile,
    debugId: textOf(module["debug_id"]),
    codeId: textOf(module["code_id"]),
    version: textOf(module["version"]),
    base,
    end: hex(first(module, names.end)) ?? base,
  };
}

/** Of a path of any system. */
const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

function hex(value: unknown): bigint | undefined {
  return typeof value === "string" && /^0x[0-9a-f]{1,16}$/i.test(value) ? BigInt(value) : undefined;
}

const first = (record: Json, of: readonly string[]): unknown =>
  of.map((name) => record[name]).find((value) => value !== undefined && value !== null);

const textOf = (value: unknown): string => (typeof value === "string" ? value.slice(0, LONGEST_NAME) : "");
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function recordOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
