/**
 * Rust 1.34 left the path off some functions of its own library; lists know them by their full names. Keys are
 * the source file's path, then the function.
 */
const FULL_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "src/liballoc/raw_vec.rs": { capacity_overflow: "alloc::raw_vec::capacity_overflow" },
  "src/libcore/option.rs": { expect_failed: "core::option::expect_failed" },
  "src/libcore/panicking.rs": {
    panic_bounds_check: "core::panicking::panic_bounds_check",
    panic_fmt: "core::panicking::panic_fmt",
    panic: "core::panicking::panic",
  },
  "src/libcore/slice/mod.rs": { slice_index_order_fail: "core::slice::slice_index_order_fail" },
  "src/libstd/panicking.rs": {
    begin_panic_fmt: "std::panicking::begin_panic_fmt",
    continue_panic_fmt: "std::panicking::continue_panic_fmt",
    rust_panic_with_hook: "std::panicking::rust_panic_with_hook",
  },
};

/** The function's name with its path, where Rust 1.34 left it off. */
export function fullRustName(name: string, path: string | undefined): string {
  if (name.includes("::")) return name;
  const names = path !== undefined && Object.hasOwn(FULL_NAMES, path) ? FULL_NAMES[path] : undefined;
  return names !== undefined && Object.hasOwn(names, name) ? names[name]! : name;
}
