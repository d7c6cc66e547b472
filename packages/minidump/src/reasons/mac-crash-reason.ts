import { hex8 } from "../bytes/hex.ts";
import type { MinidumpException } from "../streams/exception.ts";
import type { Cpu } from "../system/cpu-and-os.ts";
import { macCrashCode } from "./mac-crash-code.ts";
import { macGuardText } from "./mac-guard.ts";
import { macResourceText } from "./mac-resource.ts";

type Names = Readonly<Record<number, string>>;

/** Mach exceptions (mach/exception_types.h). */
const exceptions: Names = {
  1: "EXC_BAD_ACCESS",
  2: "EXC_BAD_INSTRUCTION",
  3: "EXC_ARITHMETIC",
  4: "EXC_EMULATION",
  5: "EXC_SOFTWARE",
  6: "EXC_BREAKPOINT",
  7: "EXC_SYSCALL",
  8: "EXC_MACH_SYSCALL",
  9: "EXC_RPC_ALERT",
  10: "EXC_CRASH",
  11: "EXC_RESOURCE",
  12: "EXC_GUARD",
  13: "EXC_CORPSE_NOTIFY",
};

/** Crashpad's mark for a dump that was asked for. */
const SIMULATED = 0x4350_7378;

/** Codes of EXC_BAD_ACCESS on every processor (mach/kern_return.h). */
const kernelReturns: Names = {
  1: "KERN_INVALID_ADDRESS",
  2: "KERN_PROTECTION_FAILURE",
  5: "KERN_FAILURE",
  8: "KERN_NO_ACCESS",
  9: "KERN_MEMORY_FAILURE",
  10: "KERN_MEMORY_ERROR",
  50: "KERN_CODESIGN_ERROR",
};

const anyCpu: Readonly<Record<string, Names>> = {
  EXC_BAD_ACCESS: kernelReturns,
  EXC_SOFTWARE: {
    1: "EXC_PPC_TRAP",
    65538: "SIGABRT",
    65792: "EXC_PPC_MIGRATE",
    [0xdead_c0de]: "UNCAUGHT_NS_EXCEPTION",
  },
};

const x86: Readonly<Record<string, Names>> = {
  EXC_BAD_ACCESS: { 13: "EXC_I386_GPFLT" },
  EXC_BAD_INSTRUCTION: {
    1: "EXC_I386_INVOP",
    10: "EXC_I386_INVTSSFLT",
    11: "EXC_I386_SEGNPFLT",
    12: "EXC_I386_STKFLT",
    13: "EXC_I386_GPFLT",
    17: "EXC_I386_ALIGNFLT",
  },
  EXC_ARITHMETIC: {
    1: "EXC_I386_DIV",
    2: "EXC_I386_INTO",
    3: "EXC_I386_NOEXT",
    4: "EXC_I386_EXTOVR",
    5: "EXC_I386_EXTERR",
    6: "EXC_I386_EMERR",
    7: "EXC_I386_BOUND",
    8: "EXC_I386_SSEEXTERR",
  },
  EXC_BREAKPOINT: { 1: "EXC_I386_SGL", 2: "EXC_I386_BPT" },
};

/** Codes that one processor has for itself (mach/i386, mach/arm and mach/ppc exception.h). */
const ofCpu: Readonly<Partial<Record<Cpu, Readonly<Record<string, Names>>>>> = {
  x86,
  amd64: x86,
  arm64: {
    EXC_BAD_ACCESS: {
      257: "EXC_ARM_DA_ALIGN",
      258: "EXC_ARM_DA_DEBUG",
      259: "EXC_ARM_SP_ALIGN",
      260: "EXC_ARM_SWP",
      261: "EXC_ARM_PAC_FAIL",
    },
    EXC_BAD_INSTRUCTION: { 1: "EXC_ARM_UNDEFINED" },
    EXC_ARITHMETIC: {
      1: "EXC_ARM_FP_IO",
      2: "EXC_ARM_FP_DZ",
      3: "EXC_ARM_FP_OF",
      4: "EXC_ARM_FP_UF",
      5: "EXC_ARM_FP_IX",
      6: "EXC_ARM_FP_ID",
    },
    EXC_BREAKPOINT: { 1: "EXC_ARM_BREAKPOINT" },
  },
  ppc: {
    EXC_BAD_ACCESS: { 257: "EXC_PPC_VM_PROT_READ", 258: "EXC_PPC_BADSPACE", 259: "EXC_PPC_UNALIGNED" },
    EXC_BAD_INSTRUCTION: {
      1: "EXC_PPC_INVALID_SYSCALL",
      2: "EXC_PPC_UNIPL_INST",
      3: "EXC_PPC_PRIVINST",
      4: "EXC_PPC_PRIVREG",
      5: "EXC_PPC_TRACE",
      6: "EXC_PPC_PERFMON",
    },
    EXC_ARITHMETIC: {
      1: "EXC_PPC_OVERFLOW",
      2: "EXC_PPC_ZERO_DIVIDE",
      3: "EXC_FLT_INEXACT",
      4: "EXC_PPC_FLT_ZERO_DIVIDE",
      5: "EXC_PPC_FLT_UNDERFLOW",
      6: "EXC_PPC_FLT_OVERFLOW",
      7: "EXC_PPC_FLT_NOT_A_NUMBER",
      8: "EXC_PPC_NOEMULATION",
      9: "EXC_PPC_ALTIVECASSIST",
    },
    EXC_BREAKPOINT: { 1: "EXC_PPC_BREAKPOINT" },
  },
};

/**
 * The words for a Mach exception of macOS or iOS, where the record's flags are the exception's first code:
 * `EXC_BAD_ACCESS / KERN_INVALID_ADDRESS`. undefined for an exception without a name.
 */
export function macCrashReason(exception: MinidumpException, cpu: Cpu): string | undefined {
  const { code, flags } = exception;
  if (code === SIMULATED) return "Simulated Exception";
  const name = exceptions[code];
  if (name === undefined) return undefined;
  const words = name === "EXC_RESOURCE" ? macResourceText(exception) : macGuardOrKind(name, exception, cpu);
  return `${name}${words ?? ` / ${hex8(flags)}`}`;
}

function macGuardOrKind(name: string, exception: MinidumpException, cpu: Cpu): string | undefined {
  if (name === "EXC_GUARD") return macGuardText(exception);
  if (name === "EXC_CRASH" || name === "EXC_CORPSE_NOTIFY") return crashText(exception, cpu);
  const kind = kindOf(name, exception.flags, cpu);
  return kind === undefined ? undefined : ` / ${kind}`;
}

function kindOf(name: string, code: number, cpu: Cpu): string | undefined {
  return anyCpu[name]?.[code] ?? ofCpu[cpu]?.[name]?.[code];
}

/** The exception of a process that is already ending: the signal it ends by, and the exception that became it. */
function crashText({ code, flags, parameters }: MinidumpException, cpu: Cpu): string | undefined {
  // Crashpad's parameters are the exception and its codes of 64 bits; the flags are the first code's low half.
  const isWhole = parameters.length >= 2 && parameters[0] === BigInt(code);
  const told = macCrashCode(isWhole ? parameters[1]! : BigInt(flags));
  const original = exceptions[told.exception];
  const kind = original && (kindOf(original, told.code, cpu) ?? hex8(told.code));
  const words = [told.reason, told.signal, original, kind].filter((word) => word !== undefined);
  return words.length === 0 ? undefined : ` / ${words.join(" / ")}`;
}
