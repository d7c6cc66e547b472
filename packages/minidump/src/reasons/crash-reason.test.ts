import { describe, expect, it } from "vitest";
import { synthMinidump } from "../synth/index.ts";
import { dumpOf } from "../test-support/dump-of.ts";
import { crashReason } from "./crash-reason.ts";

const reason = (code: number, flags: number, platform = 0x8201) =>
  crashReason(
    dumpOf(
      synthMinidump()
        .system({ platform })
        .exception({ code, flags: flags >>> 0 }),
    ),
  );

describe("crashReason", () => {
  it.each([
    [11, 1, "SIGSEGV / SEGV_MAPERR"],
    [11, 2, "SIGSEGV / SEGV_ACCERR"],
    [11, 4, "SIGSEGV / SEGV_PKUERR"],
    [11, 5, "SIGSEGV / SEGV_ACCADI"],
    [11, 6, "SIGSEGV / SEGV_ADIDERR"],
    [11, 7, "SIGSEGV / SEGV_ADIPERR"],
    [11, 8, "SIGSEGV / SEGV_MTEAERR"],
    [11, 9, "SIGSEGV / SEGV_MTESERR"],
    [11, 10, "SIGSEGV / SEGV_CPERR"],
    [8, 14, "SIGFPE / FPE_FLTUNK"],
    [8, 15, "SIGFPE / FPE_CONDTRAP"],
    [4, 1, "SIGILL / ILL_ILLOPC"],
    [4, 9, "SIGILL / ILL_BADIADDR"],
    [5, 1, "SIGTRAP / TRAP_BRKPT"],
    [5, 6, "SIGTRAP / TRAP_PERF"],
    [7, 4, "SIGBUS / BUS_MCEERR_AR"],
    [8, 1, "SIGFPE / FPE_INTDIV"],
    [8, 8, "SIGFPE / FPE_FLTSUB"],
    [31, 2, "SIGSYS / SYS_USER_DISPATCH"],
  ])("tells the kind that only signal %i has for code %i: %s", (code, flags, text) => {
    expect(reason(code, flags)).toBe(text);
  });

  it.each([
    [6, 0, "SIGABRT"],
    [6, -6, "SIGABRT / SI_TKILL"],
    [11, 0x80, "SIGSEGV / SI_KERNEL"],
    [6, -1, "SIGABRT / SI_QUEUE"],
    [14, -2, "SIGALRM / SI_TIMER"],
    [6, -60, "SIGABRT / SI_ASYNCNL"],
    [6, 1, "SIGABRT / 0x00000001"],
    [11, 77, "SIGSEGV / 0x0000004d"],
    [6, -8, "SIGABRT / 0xfffffff8"],
    [-1, 0, "DUMP_REQUESTED"],
  ])("tells who sent signal %i with code %i: %s", (code, flags, text) => {
    expect(reason(code >>> 0, flags)).toBe(text);
  });

  it("names all signals of Linux", () => {
    for (let signal = 1; signal <= 31; signal++) expect(reason(signal, 0)).toMatch(/^SIG[A-Z0-9]+$/);
  });

  it("has the same words on Android", () => {
    expect(reason(11, 1, 0x8203)).toBe("SIGSEGV / SEGV_MAPERR");
  });

  it("gives the numbers where it has no words", () => {
    expect(reason(32, -6)).toBe("unknown 0x00000020 / 0xfffffffa");
    expect(reason(11, 1, 0x8202)).toBe("unknown 0x0000000b / 0x00000001");
  });

  it("is undefined without an exception", () => {
    expect(crashReason(dumpOf(synthMinidump()))).toBeUndefined();
  });
});
