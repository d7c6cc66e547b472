import { hex8 } from "../bytes/hex.ts";

/**
 * Signals by number (signal(7), x86 and ARM numbering). MIPS and SPARC number some otherwise; minidump-stackwalk names
 * theirs by this table, too, and reports are compared with its.
 */
const signals: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  10: "SIGUSR1",
  11: "SIGSEGV",
  12: "SIGUSR2",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
  16: "SIGSTKFLT",
  17: "SIGCHLD",
  18: "SIGCONT",
  19: "SIGSTOP",
  20: "SIGTSTP",
  21: "SIGTTIN",
  22: "SIGTTOU",
  23: "SIGURG",
  24: "SIGXCPU",
  25: "SIGXFSZ",
  26: "SIGVTALRM",
  27: "SIGPROF",
  28: "SIGWINCH",
  29: "SIGIO",
  30: "SIGPWR",
  31: "SIGSYS",
  // No signal: Breakpad's mark for a dump that was asked for.
  4294967295: "DUMP_REQUESTED",
};

/** Meanings of `si_code` that only one signal has (sigaction(2), asm-generic/siginfo.h). */
const signalKinds: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  SIGILL: {
    1: "ILL_ILLOPC",
    2: "ILL_ILLOPN",
    3: "ILL_ILLADR",
    4: "ILL_ILLTRP",
    5: "ILL_PRVOPC",
    6: "ILL_PRVREG",
    7: "ILL_COPROC",
    8: "ILL_BADSTK",
    9: "ILL_BADIADDR",
    10: "ILL_BREAK",
    11: "ILL_BNDMOD",
  },
  SIGTRAP: {
    1: "TRAP_BRKPT",
    2: "TRAP_TRACE",
    3: "TRAP_BRANCH",
    4: "TRAP_HWBKPT",
    5: "TRAP_UNK",
    6: "TRAP_PERF",
  },
  SIGFPE: {
    1: "FPE_INTDIV",
    2: "FPE_INTOVF",
    3: "FPE_FLTDIV",
    4: "FPE_FLTOVF",
    5: "FPE_FLTUND",
    6: "FPE_FLTRES",
    7: "FPE_FLTINV",
    8: "FPE_FLTSUB",
    // Decimal and vector faults that some processors have of their own.
    9: "FPE_DECOVF",
    10: "FPE_DECDIV",
    11: "FPE_DECERR",
    12: "FPE_INVASC",
    13: "FPE_INVDEC",
    14: "FPE_FLTUNK",
    15: "FPE_CONDTRAP",
  },
  SIGSEGV: {
    1: "SEGV_MAPERR",
    2: "SEGV_ACCERR",
    3: "SEGV_BNDERR",
    4: "SEGV_PKUERR",
    5: "SEGV_ACCADI",
    6: "SEGV_ADIDERR",
    7: "SEGV_ADIPERR",
    8: "SEGV_MTEAERR",
    9: "SEGV_MTESERR",
    10: "SEGV_CPERR",
  },
  SIGBUS: { 1: "BUS_ADRALN", 2: "BUS_ADRERR", 3: "BUS_OBJERR", 4: "BUS_MCEERR_AR", 5: "BUS_MCEERR_AO" },
  SIGSYS: { 1: "SYS_SECCOMP", 2: "SYS_USER_DISPATCH" },
};

/** Meanings of `si_code` that every signal shares, as signed numbers: who sent it. */
const senders: Readonly<Record<number, string>> = {
  128: "SI_KERNEL",
  [-1]: "SI_QUEUE",
  [-2]: "SI_TIMER",
  [-3]: "SI_MESGQ",
  [-4]: "SI_ASYNCIO",
  [-5]: "SI_SIGIO",
  [-6]: "SI_TKILL",
  [-7]: "SI_DETHREAD",
  [-60]: "SI_ASYNCNL",
};

/**
 * The words for a crash on Linux or Android, where the exception's code is the signal and its flags are
 * `si_code`: `SIGSEGV / SEGV_MAPERR`; the signal alone when another process sent it with kill(2).
 * undefined for a signal without a name.
 */
export function linuxCrashReason(signal: number, siCode: number): string | undefined {
  const name = signals[signal];
  if (name === undefined) return undefined;
  const kind = signalKinds[name]?.[siCode];
  if (kind !== undefined) return `${name} / ${kind}`;
  if (siCode === 0) return name;
  return `${name} / ${senders[siCode | 0] ?? hex8(siCode)}`;
}
