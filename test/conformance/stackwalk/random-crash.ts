import { type SynthMinidump, type SynthThread, synthMinidump } from "@mayday/minidump/synth";
import { type Machine, machines } from "./machines.ts";
import { Random } from "./random.ts";
import { MODULE_BYTES, randomSymbols } from "./random-symbols.ts";

/** A drawn dump, and the symbol files that both programs are given. */
export interface RandomCrash {
  readonly seed: number;
  readonly machine: string;
  readonly dump: Uint8Array;
  readonly symbols: readonly {
    readonly debugFile: string;
    readonly debugId: string;
    readonly text: string;
  }[];
}

const MODULE = "m";
const DEBUG_ID = "000102030405060708090A0B0C0D0E0F0";
const OTHER_ID = "100102030405060708090A0B0C0D0E0F0";
const BASE = 0x40_0000n;
const OTHER = 0x50_0000n;
const GONE = 0x60_0000n;
const STACK = 0x7ff0_0000n;
const TEB = 0x7f00_0000n;

/** Draws a crash: the same seed gives the same one. */
export function randomCrash(seed: number): RandomCrash {
  const random = new Random(seed);
  const machine = random.pick(...machines);
  const byteOrder = random.oneIn(12) ? "big" : "little";
  const synth = synthMinidump({ byteOrder, timestamp: 1_700_000_000 });
  addSystem(synth, random, machine);
  addModules(synth, random);
  const threads = random.many(1 + random.below(8), (index) => randomThread(random, machine, index + 1));
  for (const thread of threads) synth.thread(thread);
  addProcess(synth, random, threads.length);
  // The peer does not read this stream of a big-endian dump.
  if (byteOrder === "little" && random.oneIn(2)) addMemoryInfo(synth, random);
  if (!random.oneIn(8)) addException(synth, random, machine, threads);
  const text = randomSymbols(random, machine, DEBUG_ID, MODULE);
  return {
    seed,
    machine: machine.name,
    dump: synth.finish(),
    symbols: [{ debugFile: MODULE, debugId: DEBUG_ID, text }],
  };
}

function addSystem(synth: SynthMinidump, random: Random, { arch, platform }: Machine): void {
  const system = {
    arch,
    level: random.below(30),
    revision: random.below(0x10000),
    cpuCount: random.below(256),
    version: [random.below(20), random.below(9), random.below(30000)] as const,
    ...(random.oneIn(2) ? { text: random.pick("Service Pack 1", " 21G83 ", "") } : {}),
    cpuWords: random.many(6, () => random.u32()),
  };
  if (platform !== 0x8201 && platform !== 0x8203) {
    synth.system({ ...system, platform });
    if (platform === 0x8101 && random.oneIn(2)) addMacStreams(synth, random);
    return;
  }
  synth.linux({
    ...system,
    version: random.pick([0, 0, 0] as const, system.version),
    uname: random.pick("Linux 6.1.0 #1 SMP PREEMPT x86_64", "Linux 5.10.1 #2 SMP aarch64 Linux/GNU", "odd"),
    ...(random.oneIn(2)
      ? { lsbRelease: 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE="22.04"\nDISTRIB_CODENAME=jammy\n' }
      : {}),
    ...(random.oneIn(2) ? { cpuInfo: `processor\t: 0\nmicrocode\t: 0x${random.u32().toString(16)}\n` } : {}),
    ...(random.oneIn(2) ? { procStatus: `Name:\tapp\nPid:\t${random.below(70000)}\n` } : {}),
    ...(random.oneIn(2) ? { limits: LIMITS } : {}),
    ...(random.oneIn(2) ? { maps: mapsText(random) } : {}),
    environment: "SECRET=hidden\0HOME=/root\0",
  });
}

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max open files            1024                 1048576              files     
Max nice priority         0                    0                    
`;

function mapsText(random: Random): string {
  const line = (start: bigint, bytes: number, path: string) =>
    `${start.toString(16)}-${(start + BigInt(bytes)).toString(16)} ${random.pick("r-xp", "rw-p", "---p", "r--p")} 00000000 fe:01 12 ${path}\n`;
  return [
    line(BASE, MODULE_BYTES, "/usr/bin/m"),
    line(OTHER, MODULE_BYTES, "/usr/lib/n"),
    line(STACK - 0x1000n, 0x1000, ""),
    line(STACK, 0x2000, "[stack]"),
  ].join("");
}

function addMacStreams(synth: SynthMinidump, random: Random): void {
  const version = random.pick(1, 4, 5);
  synth.macCrashInfo(
    random.many(random.below(4), (index) => ({
      version,
      thread: BigInt(index),
      dialogMode: random.u64(),
      abortCause: 3n,
      strings: ["/usr/lib/x.dylib", random.pick("abort() called", ""), "sig", "trace", ""] as const,
    })),
  );
  if (random.oneIn(2)) synth.macBootArgs(random.pick("-v", ""));
}

function addModules(synth: SynthMinidump, random: Random): void {
  type Version = readonly [number, number, number, number] | undefined;
  const version = random.pick<Version>(undefined, [1, 2, 3, 4], [0x1_0002, 0x3_0004, 5, 6]);
  const versioned = version === undefined ? {} : { version };
  const guid = DEBUG_ID.slice(0, 32);
  const identity = random.pick(
    { debugId: DEBUG_ID, name: "/usr/bin/m" },
    { pdb70: { guid, age: 0, name: "c:\\build\\m" }, name: "C:\\app\\m.exe" },
  );
  synth.module({ base: BASE, size: MODULE_BYTES, timestamp: random.u32(), ...identity, ...versioned });
  synth.module({ base: OTHER, size: MODULE_BYTES, name: "/usr/lib/n.so", debugId: OTHER_ID, timestamp: 7 });
  if (random.oneIn(2)) synth.module({ base: OTHER + 0x800n, size: 0x1000, name: "/over" });
  if (random.oneIn(3))
    synth.module({
      base: 0x70_0000n,
      size: 0x1000,
      name: "D:\\old.dll",
      pdb20: { signature: 5, age: 2, name: "old.pdb" },
    });
  if (random.oneIn(2)) synth.unloadedModule({ base: GONE, size: 0x1000, name: "C:\\gone.dll", timestamp: 9 });
  if (random.oneIn(2)) synth.unloadedModule({ base: GONE + 0x800n, size: 0x1000, name: "also.dll" });
}

/** A thread whose stack is full of addresses of code and of itself, and whose registers point to them. */
function randomThread(random: Random, machine: Machine, id: number): SynthThread {
  const { wordBytes } = machine;
  const words = random.pick(6, 40, 200, 400);
  const inStack = () => STACK + BigInt(random.below(words) * wordBytes + (random.oneIn(15) ? 2 : 0));
  const inCode = () => random.pick(BASE, BASE, BASE, OTHER, GONE) + BigInt(random.below(MODULE_BYTES));
  const odd = () => random.pick(0n, 0n, 1n, 4095n, 4096n, 0xffff_ffffn, 0x8000_0000_0000n, random.u64());
  const sparse = random.pick(2, 6, 30);
  const word = () => (random.oneIn(sparse) ? inCode() : random.oneIn(3) ? inStack() : odd());
  const content = random.many(words, word);
  for (let place = random.below(8); place + 2 < words; place += 2 + random.below(10)) {
    // A frame record: where the next one is, and where to return to.
    content.splice(place, 2, STACK + BigInt((place + 2 + random.below(9)) * wordBytes), inCode());
  }
  const value = () => (random.oneIn(3) ? inCode() : random.oneIn(2) ? inStack() : odd());
  const registers: Record<string, bigint> = {};
  for (const name of machine.registers) registers[name] = value();
  registers[machine.ip] = random.oneIn(8) ? odd() : inCode();
  registers[machine.sp] = random.oneIn(12) ? value() : STACK + BigInt(random.below(4) * wordBytes);
  if (machine.fp !== undefined) registers[machine.fp] = random.oneIn(4) ? value() : inStack();
  return {
    id,
    teb: TEB + BigInt(id * 0x1000),
    ...(random.oneIn(3) ? {} : { name: random.pick("main", "worker ☃", "") }),
    ...(random.oneIn(15) ? {} : { stack: { base: STACK, bytes: wordsAsBytes(content, wordBytes) } }),
    ...(random.oneIn(20) ? {} : { registers: narrow(registers, machine) }),
  };
}

/** Little endian; in a dump of the other order the words are just other ones. */
function wordsAsBytes(words: readonly bigint[], wordBytes: 4 | 8): Uint8Array {
  return wordBytes === 8
    ? new Uint8Array(BigUint64Array.from(words.map((word) => BigInt.asUintN(64, word))).buffer)
    : new Uint8Array(Uint32Array.from(words.map((word) => Number(BigInt.asUintN(32, word)))).buffer);
}

function narrow(registers: Readonly<Record<string, bigint>>, { wordBytes }: Machine): Record<string, bigint> {
  return Object.fromEntries(
    Object.entries(registers).map(([name, value]) => [name, BigInt.asUintN(wordBytes * 8, value)]),
  );
}

function addProcess(synth: SynthMinidump, random: Random, threadCount: number): void {
  if (random.oneIn(2))
    synth.miscInfo({
      ...(random.oneIn(4) ? {} : { pid: random.u32() }),
      times: [1_699_999_000 + random.below(2000), 1, 2],
    });
  if (random.oneIn(3)) {
    synth.breakpadInfo({
      ...(random.oneIn(2) ? { dumpThreadId: 1 + random.below(threadCount) } : {}),
      ...(random.oneIn(2) ? { requestingThreadId: 1 + random.below(threadCount + 1) } : {}),
    });
  }
  if (random.oneIn(3)) synth.handles([{ handle: 4n, typeName: "File", objectName: "\\x" }, { handle: 8n }]);
  if (random.oneIn(4)) synth.softErrors(random.pick('[{"a":1}]', "[]", '{"x":[null]}'));
  if (random.oneIn(2)) {
    const block = random.many(0x80, () => random.pick(0, 5, 8, 1455, 0xc0000034, random.u32()));
    synth.memory({ base: TEB + 0x1000n, bytes: new Uint8Array(Uint32Array.from(block).buffer) });
  }
}

function addMemoryInfo(synth: SynthMinidump, random: Random): void {
  const bases = [BASE, OTHER, STACK - 0x1000n, STACK];
  synth.memoryInfo(
    bases.map((base) => ({
      base,
      size: BigInt(MODULE_BYTES),
      state: 0x1000,
      protection: random.pick(1, 2, 4, 0x20, 0x40),
    })),
  );
}

const EXCEPTIONS: Readonly<Record<number, readonly number[]>> = {
  2: [
    0xc0000005, 0xc0000005, 0xc0000006, 0xc0000094, 0xc0000096, 0xc00000fd, 0xc0000409, 0x80000003,
    0xe06d7363, 5, 0xc06d007e,
  ],
  33025: [1, 1, 2, 3, 5, 6, 11, 12, 7],
  33026: [1, 6],
  33281: [11, 11, 7, 8, 4, 6, 5, 31],
  33283: [11, 6],
};

/** Instructions that crash, or that only seem to. */
const INSTRUCTIONS = [
  ...[
    "488b03",
    "488b448b10",
    "8801",
    "ff10",
    "ffe0",
    "c3",
    "58",
    "50",
    "e800000000",
    "0f0b",
    "cc",
    "f4",
    "48f7f9",
  ],
  ...[
    "0f2803",
    "f20f1103",
    "8b0425100000000",
    "f348ab",
    "f0480fb10b",
    "c5fe6f00",
    "488d03",
    "64488b042528000000",
  ],
  ...["678b03", "75fe", "4801d8", "01442410", "ff2510000000", "0fb603", "c6030a", "06", "0f1003", "0f2e03"],
];

function addException(
  synth: SynthMinidump,
  random: Random,
  machine: Machine,
  threads: readonly SynthThread[],
): void {
  const thread = random.pick(...threads);
  const own = Object.fromEntries(Object.entries(thread.registers ?? {}) as [string, bigint][]);
  for (const name of machine.registers) if (random.oneIn(4)) own[name] = random.pick(0n, STACK, 0x10n);
  const registers = narrow({ ...own, [machine.ip]: BASE + BigInt(random.below(MODULE_BYTES)) }, machine);
  const all = 2n ** BigInt(machine.wordBytes * 8) - 1n;
  const address = random.pick(0n, 8n, BASE, STACK + 8n, all, 1n << 30n, 0x8000_0000_0000n, random.u64());
  synth.exception({
    threadId: random.oneIn(10) ? 99 : thread.id!,
    code: random.oneIn(8) ? random.u32() : random.pick(...(EXCEPTIONS[machine.platform] ?? [11])),
    flags: random.pick(0, 1, 2, 13, 0x80, 0xffff_fffa, 0x2000_0000 * random.below(8), random.u32()),
    address,
    parameters: random.many(random.below(4), (index) =>
      index === 0 ? random.pick(0n, 1n, 8n, 7n, random.u64()) : random.pick(address, random.u64()),
    ),
    ...(random.oneIn(10) ? {} : { registers }),
  });
  if (machine.arch === 9) {
    const bytes = Buffer.from(random.pick(...INSTRUCTIONS).padEnd(32, "90"), "hex");
    synth.memory({ base: registers[machine.ip]!, bytes });
  }
}
