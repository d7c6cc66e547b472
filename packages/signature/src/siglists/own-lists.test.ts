import { describe, expect, it } from "vitest";
import { generateSignature } from "../generate-signature.ts";
import { crashOf } from "../test-support/lists.ts";
import { defaultSiglistsFolder, loadSiglists } from "./load-siglists.ts";

const siglists = await loadSiglists(defaultSiglistsFolder);

/** @param stack frames from the top, one a line; a line that ends in `.so` and the like is a module without symbols */
function signatureOf(stack: string): string {
  const frames = stack
    .trim()
    .split("\n")
    .map((line) => line.trim());
  const crash = crashOf(
    ...frames.map((text) => {
      if (/\.(so[.\d]*|dll|dylib)$/.test(text)) return { module: text };
      return text.startsWith("0x") ? { offset: text } : { function: text };
    }),
  );
  return generateSignature(crash, siglists).signature;
}

const DYING = "__pthread_kill_implementation\n__pthread_kill_internal\n__GI_raise\nabort";
const PANICKING = `${DYING}
  std::sys::pal::unix::abort_internal
  panic_abort::__rust_start_panic
  std::panicking::rust_panic_with_hook
  std::panicking::begin_panic_handler::{{closure}}
  std::sys::backtrace::__rust_end_short_backtrace
  core::panicking::panic_fmt`;

describe("the project's own lists", () => {
  it("leave a crash in the program's own function alone", () => {
    expect(signatureOf("app::run(int)\nmain")).toBe("app::run");
  });

  it.each([
    "app::abort",
    "raise_the_sails",
    "abort_transaction",
    "memory_avx_kernel",
    "kill_all",
    "poll_events",
    "select_item",
    "read_config",
    "newton",
    "string_find",
    "small_free_list",
    "my_crate::panicking::report",
    "<my::Type as core::fmt::Display>::fmt",
  ])("do not take the program's %s for the system's", (name) =>
    expect(signatureOf(`${name}\nmain`)).toBe(name),
  );

  it("name the caller of what copies, measures and waits", () => {
    expect(signatureOf("__poll\napp::wait(int)\nmain")).toBe("__poll | app::wait");
    expect(signatureOf("memcpy\napp::copy\nmain")).toBe("memcpy | app::copy");
    expect(
      signatureOf("futex_wait\n__GI___lll_lock_wait\n___pthread_mutex_lock\nstd::mutex::lock()\napp::run"),
    ).toBe("___pthread_mutex_lock | std::mutex::lock | app::run");
  });

  it("put the processor's flavours of memcpy under one signature", () => {
    expect(signatureOf("__memmove_avx_unaligned_erms\napp::copy")).toBe("app::copy");
    expect(signatureOf("__memcpy_ssse3\napp::copy")).toBe("app::copy");
    expect(signatureOf("_platform_memmove$VARIANT$Haswell\napp::copy")).toBe("app::copy");
  });

  it("tell a call of null from a wild jump", () => {
    expect(signatureOf("0x00000000\napp::call")).toBe("@0x0 | app::call");
    expect(signatureOf("0x41414141\napp::call")).toBe("app::call");
  });

  it("show abort and its caller", () => expect(signatureOf(`${DYING}\napp::run`)).toBe("abort | app::run"));

  it("show damage of the heap and who freed", () => {
    expect(signatureOf(`${DYING}\n__libc_message\nmalloc_printerr\n_int_free\nfree\napp::drop(void*)`)).toBe(
      "malloc_printerr | free | app::drop",
    );
  });

  it("show a failed assertion and who made it", () => {
    expect(signatureOf(`${DYING}\n__assert_fail_base\n__assert_fail\napp::check(int)`)).toBe(
      "__assert_fail | app::check",
    );
  });

  it("show a C++ exception that nobody caught and who threw", () => {
    expect(
      signatureOf(`${DYING}
        libstdc++.so.6
        libstdc++.so.6
        std::terminate()
        __cxa_throw
        std::__throw_out_of_range(char const*)
        std::map<int, int>::at(int const&)
        app::find()
        main`),
    ).toBe("std::terminate | std::__throw_out_of_range | std::map<T>::at | app::find");
  });

  it("show a Rust panic's kind and who panicked", () => {
    const unwrap =
      "core::panicking::panic\ncore::option::unwrap_failed\ncore::option::Option<u32>::unwrap<u32>";
    expect(signatureOf(`${PANICKING}\n${unwrap}\napp::first\nmain`)).toBe(
      "core::option::unwrap_failed | app::first",
    );
    expect(signatureOf(`${PANICKING}\ncore::panicking::panic_bounds_check\napp::nth`)).toBe(
      "core::panicking::panic_bounds_check | app::nth",
    );
    expect(signatureOf(`${PANICKING}\napp::give_up\nmain`)).toBe("app::give_up");
  });

  it("show Rust's memory that ran out", () => {
    expect(signatureOf(`${DYING}\nrust_oom\nalloc::alloc::handle_alloc_error\napp::grow`)).toBe(
      "alloc::alloc::handle_alloc_error | app::grow",
    );
  });

  it("show what a Windows program died of and where", () => {
    expect(signatureOf("RaiseException\n_CxxThrowException\napp::run")).toBe("app::run");
    expect(signatureOf("NtWaitForSingleObject\nWaitForSingleObjectEx\napp::wait\nBaseThreadInitThunk")).toBe(
      "WaitForSingleObjectEx | app::wait",
    );
    expect(signatureOf("_purecall\napp::Base::run")).toBe("_purecall | app::Base::run");
    expect(signatureOf("driver.dll\ndriver.dll\napp::draw")).toBe("driver.dll | app::draw");
  });

  it("start under a signal handler", () => {
    expect(signatureOf(`${DYING}\napp::on_signal(int)\n__restore_rt\napp::run`)).toBe("app::run");
  });

  it("give a thread with nothing but the system its top frame", () => {
    expect(signatureOf("libc.so.6\nstart_thread\n__clone3")).toBe("libc.so.6");
  });
});
