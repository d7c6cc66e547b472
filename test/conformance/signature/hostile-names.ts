import { generateSignature, type Siglists } from "@mayday/signature";

const LENGTH = 100_000;

/** What makes careless parsers take the square of a name's length, over and over. */
const PARTS = [
  "_",
  "<",
  ">",
  "<>",
  "(",
  "()",
  "() ",
  "( ",
  " ",
  " *",
  ", ",
  "a<b>",
  "[",
  "[clone ",
  "`",
  "'",
  "{",
  "IPC::ParamTraits<",
  "operator<",
  "operator(",
  "::$_1::",
  "std::vector<",
  "0",
  "::",
  ".",
  "a",
  "@0x",
  "<a as b>",
  "libc-1.",
  "free",
  "framework",
  "abort.",
  "nsHashtabl",
  "std::__1::",
  "(anonymous namespace)",
  "`anonymous namespace'",
];

export interface SlowestName {
  /** The processor's time that one signature took, ms. */
  readonly ms: number;
  readonly part: string;
  readonly tried: number;
}

/** Makes signatures of names of 100 kB, each as a function of C++ and of Rust, a file and a module; tells the slowest. */
export function slowestHostileName(siglists: Siglists): SlowestName {
  // What the compiler of the engine takes for its own work is not the name's fault.
  for (let warmUp = 0; warmUp < 3; warmUp++) for (const part of PARTS) time(part, siglists);
  const timed = PARTS.map((part) => ({ part, ms: Math.min(time(part, siglists), time(part, siglists)) }));
  const slowest = timed.reduce((a, b) => (a.ms > b.ms ? a : b));
  return { ...slowest, tried: PARTS.length * 4 };
}

function time(part: string, siglists: Siglists): number {
  const name = part.repeat(LENGTH / part.length);
  const frames = [
    { function: name },
    { function: name, file: "/x.rs" },
    { file: name, line: 1 },
    { module: name },
  ];
  const times = frames.map((frame) => {
    const before = process.cpuUsage();
    // The frame twice: the second one is looked up in all lists even when the first ends the walk.
    generateSignature({ threads: [{ frames: [{ function: "free" }, frame, frame] }] }, siglists);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.max(...times);
}
