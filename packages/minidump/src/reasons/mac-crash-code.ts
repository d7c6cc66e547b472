/** Signals of Apple's systems (sys/signal.h) that end a process. */
const signals: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGEMT",
  8: "SIGFPE",
  9: "SIGKILL",
  10: "SIGBUS",
  11: "SIGSEGV",
  12: "SIGSYS",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
  24: "SIGXCPU",
  25: "SIGXFSZ",
};

/** Who ended the process (sys/reason.h). */
const namespaces: Readonly<Record<number, string>> = {
  1: "OS_REASON_JETSAM",
  2: "OS_REASON_SIGNAL",
  3: "OS_REASON_CODESIGNING",
  4: "OS_REASON_HANGTRACER",
  5: "OS_REASON_TEST",
  6: "OS_REASON_DYLD",
  7: "OS_REASON_LIBXPC",
  8: "OS_REASON_OBJC",
  9: "OS_REASON_EXEC",
  10: "OS_REASON_SPRINGBOARD",
  11: "OS_REASON_TCC",
  12: "OS_REASON_REPORTCRASH",
  13: "OS_REASON_COREANIMATION",
  14: "OS_REASON_AGGREGATED",
  15: "OS_REASON_RUNNINGBOARD",
  16: "OS_REASON_SKYWALK",
  17: "OS_REASON_SETTINGS",
  18: "OS_REASON_LIBSYSTEM",
  19: "OS_REASON_FOUNDATION",
  20: "OS_REASON_WATCHDOG",
  21: "OS_REASON_METAL",
  22: "OS_REASON_WATCHKIT",
  23: "OS_REASON_GUARD",
  24: "OS_REASON_ANALYTICS",
  25: "OS_REASON_SANDBOX",
  26: "OS_REASON_SECURITY",
  27: "OS_REASON_ENDPOINTSECURITY",
  28: "OS_REASON_PAC_EXCEPTION",
  29: "OS_REASON_BLUETOOTH_CHIP",
  30: "OS_REASON_PORT_SPACE",
  31: "OS_REASON_WEBKIT",
  32: "OS_REASON_BACKLIGHTSERVICES",
  33: "OS_REASON_MEDIA",
  34: "OS_REASON_ROSETTA",
  35: "OS_REASON_LIBIGNITION",
};

/** What the code of EXC_CRASH and EXC_CORPSE_NOTIFY holds (bsd/kern/kern_exit.c of xnu). */
export interface MacCrashCode {
  /** Name of the signal that ended the process. */
  readonly signal: string | undefined;
  /** The exception that became the signal, and its code's low 20 bits; 0 where there was none. */
  readonly exception: number;
  readonly code: number;
  /** Who ended the process, where that was no signal. */
  readonly reason: string | undefined;
}

export function macCrashCode(code: bigint): MacCrashCode {
  const bits = (from: bigint, mask: bigint) => Number((code >> from) & mask);
  const namespace = bits(32n, 0xffff_ffffn);
  const isBySignal = namespace === 0 || namespace === 2;
  return {
    signal: signals[bits(24n, 0xffn)],
    exception: bits(20n, 0xfn),
    code: bits(0n, 0xf_ffffn),
    reason: isBySignal ? undefined : (namespaces[namespace] ?? `namespace ${namespace}`),
  };
}
