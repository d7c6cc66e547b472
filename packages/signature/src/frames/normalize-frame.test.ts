import { describe, expect, it } from "vitest";
import type { CrashFrame } from "../crash-data/crash-data.ts";
import { lists } from "../test-support/lists.ts";

const { normalizeFrame } = lists({ lineNumbers: ["interpret$"] });
const normalize = (frame: CrashFrame, lowerCaseModules = false) =>
  normalizeFrame({ ...frame }, lowerCaseModules).text;

describe("a frame as text", () => {
  const everything: CrashFrame = {
    function: "app::run()",
    file: "hg:host:src/run.cpp:abc",
    line: 7,
    module: "app",
    unloaded_modules: [{ module: "gone.so" }],
    offset: "0x00001000",
  };

  it("is the function before all else", () => expect(normalize(everything)).toBe("app::run"));
  it("is file and line without a function", () =>
    expect(normalize({ ...everything, function: null })).toBe("run.cpp:abc#7"));
  it("is the module without a function and a line", () =>
    expect(normalize({ ...everything, function: "", line: 0 })).toBe("app"));

  it("is the unloaded module where no module is", () => {
    const { offset, unloaded_modules } = everything;
    expect(normalize({ offset: offset!, unloaded_modules: unloaded_modules! })).toBe("(unloaded gone.so)");
  });

  it("is the address without leading zeros where nothing is loaded", () => {
    expect(normalize({ offset: "0x00001000" })).toBe("@0x1000");
    expect(normalize({ offset: "0x0000" })).toBe("@0x0");
    expect(normalize({ offset: "who knows" })).toBe("@who knows");
  });

  it("is empty when nothing is known", () => expect(normalize({})).toBe(""));

  it("has the module's name without brackets, and in lower case where asked", () => {
    expect(normalize({ module: "[vdso]" })).toBe("vdso");
    expect(normalize({ module: "NTDLL.dll" }, true)).toBe("ntdll.dll");
    expect(normalize({ module: "NTDLL.dll" })).toBe("NTDLL.dll");
  });

  it("takes the last part of a Windows path", () => {
    expect(normalize({ file: "c:\\src/app\\run.cpp", line: 3 })).toBe("run.cpp#3");
  });

  it("has the line number of functions that are listed", () => {
    expect(normalize({ function: "void interpret(int)", file: "/x.c", line: 9 })).toBe("interpret:9");
  });

  it("takes a function of a .rs file for Rust", () => {
    expect(normalize({ function: "app::run::h0a", file: "git:host/app:src/run.rs:abc" })).toBe("app::run");
    expect(normalize({ function: "app::run::h0a", file: "git:host/app:src/run.cpp:abc" })).toBe(
      "app::run::h0a",
    );
  });

  it("gives functions of Rust 1.34's library their full names", () => {
    const file = "git:github.com/rust-lang/rust:src/libcore/panicking.rs:91856ed";
    expect(normalize({ function: "panic_bounds_check", file })).toBe("core::panicking::panic_bounds_check");
    expect(normalize({ function: "toString", file })).toBe("toString");
  });
});
