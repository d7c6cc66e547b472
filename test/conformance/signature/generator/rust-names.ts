import type { Random } from "./random.ts";

const CRATES = [
  "core::ptr",
  "alloc::vec",
  "style::properties",
  "webrender::renderer",
  "rayon_core::job",
  "gkrust_shared",
  "tea::kettle",
];
const TYPES = [
  "WindowManager",
  "HeapJob<BODY>",
  "Arc<X>",
  "&mut T",
  "[u8]",
  "(A, B)",
  "dyn Fn(u8) -> u8",
  "alloc::boxed::Box<F, A>",
  "Option<<T as Iterator>::Item>",
];
const TRAITS = [
  "core::fmt::Display",
  "rayon_core::job::Job",
  "core::ops::function::FnOnce<()>",
  "core::iter::Iterator",
  "tea::Boil<Item = u8>",
];
const VERBS = [
  "run",
  "execute",
  "fmt",
  "drop_slow<X>",
  "new::{{closure}}",
  "{{closure}}",
  "{closure#0}",
  "{closure_env#2}::call",
  "{impl#17}::next",
  "lock",
  "unwrap<u32, alloc::string::String>",
];

/** A Rust function's name, legacy mangling (with its hash) or v0. */
export function rustName(random: Random): string {
  const own = random.pick(VERBS);
  const hash = random.chance(0.4) ? `::h${random.hex(16)}` : "";
  const returned = random.chance(0.15)
    ? random.pick(["static void ", "static union enum$<core::result::Result<T,E>> "])
    : "";
  const call = random.chance(0.3) ? `(${random.list(0, 2, () => random.pick(TYPES)).join(", ")})` : "";
  return `${returned}${path(random)}::${own}${call}${hash}`;
}

function path(random: Random): string {
  const kind = random.next();
  if (kind < 0.3) return `<${random.pick(TYPES)} as ${random.pick(TRAITS)}>`;
  if (kind < 0.4) return `<${random.pick(TYPES)}>`;
  if (kind < 0.6) return `${random.pick(CRATES)}::${random.pick(TYPES)}`;
  return random.pick(CRATES);
}

/** A source file as symbol files have it. */
export function rustFile(random: Random): string {
  return random.pick([
    "/rustc/90c541806f23a127002de5b4038be731ba1458ca/library/core/src/ops/function.rs",
    "git:github.com/rust-lang/rust:library/std/src/panicking.rs:90c541806f23",
    "hg:hg.mozilla.org/mozilla-central:servo/components/style/lib.rs:abc123",
    "c:/build/tea/src/kettle.rs",
    "src/main.rs",
    "a:b:c.rs",
  ]);
}

/** Functions that Rust 1.34 wrote without their path, and their files. */
export const PATHLESS: readonly (readonly [file: string, name: string])[] = [
  ["git:github.com/rust-lang/rust:src/libcore/panicking.rs:91856ed", "panic_bounds_check"],
  ["git:github.com/rust-lang/rust:src/libcore/panicking.rs:91856ed", "panic"],
  ["git:github.com/rust-lang/rust:src/liballoc/raw_vec.rs:91856ed", "capacity_overflow"],
  ["git:github.com/rust-lang/rust:src/libcore/option.rs:91856ed", "expect_failed"],
  ["git:github.com/rust-lang/rust:src/libstd/panicking.rs:91856ed", "begin_panic_fmt"],
];
