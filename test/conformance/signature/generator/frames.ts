import type { CrashFrame, InlineFrame } from "@mayday/signature";
import { cppName } from "./cpp-names.ts";
import type { Random } from "./random.ts";
import { PATHLESS, rustFile, rustName } from "./rust-names.ts";

const MODULES = [
  "xul.dll",
  "XUL",
  "libxul.so",
  "ntdll.dll",
  "KERNELBASE.dll",
  "libc.so.6",
  "libgtk-3.so.0",
  "firefox.exe",
  "tea",
  "[vdso]",
  "classes.dex",
  "split_config.arm64_v8a.apk",
  "linux-gate.so",
  "nvwgf2umx.DLL",
];
const FILES = [
  "hg:hg.mozilla.org/mozilla-central:js/src/vm/Interpreter.cpp:abc123",
  "/builds/tea/src/kettle.cpp",
  "c:\\build\\tea\\cup.cpp",
  "s3:bucket:hash/tea.h:",
  "kettle.c",
  "d:/x/y.cc/",
  "a:b:c",
  "",
];
/** Distinct functions that crashes of one kind of program share: stacks end in the same loops. */
const SHARED_NAMES = 3000;

/** Makes frames, of which many are of functions that other stacks have too. */
export class FrameMaker {
  readonly #random: Random;
  readonly #shared: CrashFrame[];

  /** @param listed names as the lists have them, so that lists have something to match */
  constructor(random: Random, listed: readonly string[]) {
    this.#random = random;
    this.#shared = Array.from({ length: SHARED_NAMES }, () =>
      random.chance(0.15) ? { function: random.pick(listed), file: this.#file() } : this.#function(),
    );
  }

  frames(): CrashFrame[] {
    return this.#random.list(this.#random.chance(0.03) ? 0 : 3, 45, () => this.#frame());
  }

  #frame(): CrashFrame {
    const random = this.#random;
    const place = {
      module: random.pick(MODULES),
      module_offset: `0x${random.hex(8)}`,
      offset: `0x${random.hex(random.whole(1, 16))}`,
      line: random.pick([0, null, random.whole(1, 9999)]),
    };
    const inlines = random.chance(0.1) ? { inlines: random.list(1, 3, () => this.#inline()) } : {};
    const kind = random.next();
    if (kind < 0.06) return { ...place, ...inlines };
    if (kind < 0.08) return { ...place, file: this.#file() };
    if (kind < 0.1) return { offset: random.pick(["0x0", "0x00", "0x1", place.offset, "0X1F", "xyz"]) };
    if (kind < 0.12) return { offset: place.offset, unloaded_modules: this.#unloaded() };
    if (kind < 0.125) return {};
    // The lower a number, the more often it comes: some functions are on every stack.
    const common = this.#shared[Math.floor(SHARED_NAMES * random.next() ** 3)];
    return { ...place, ...(random.chance(0.8) ? common : this.#function()), ...inlines };
  }

  #function(): CrashFrame {
    const random = this.#random;
    if (random.chance(0.02)) {
      const [file, name] = random.pick(PATHLESS);
      return { function: name, file };
    }
    if (random.chance(0.25)) {
      const file = random.chance(0.85) ? rustFile(random) : this.#file();
      return { function: rustName(random), file };
    }
    return { function: cppName(random), file: this.#file() };
  }

  #inline(): InlineFrame {
    const { function: name, file } = this.#function();
    return { function: name, file, line: this.#random.whole(1, 999) };
  }

  #unloaded() {
    return [{ module: this.#random.pick(MODULES), offsets: [`0x${this.#random.hex(6)}`] }];
  }

  #file(): string {
    return this.#random.pick(FILES);
  }
}
