import { type SynthMinidump, type SynthStack, type SynthThread, synthMinidump } from "@mayday/minidump/synth";
import { symbolsOf, type TestFunction, type TestSymbols } from "./walked.ts";

/** Where the program `app` is loaded, and where its functions are. */
export const APP = 0x40_0000n;
export const CRASH = 0x1000;
export const CALLER = 0x2000;
export const MAIN = 0x3000;
/** Where `lib` is, which has no symbols. */
export const LIB = 0x70_0000n;

/** An address somewhere in the function of `app` at `offset`: behind a call. */
export function inApp(offset: number): bigint {
  return APP + BigInt(offset) + 0x10n;
}

/** Symbols of `app`'s functions, each with call-frame rules where given. */
export function appSymbols(rules: { crash?: string; caller?: string; main?: string } = {}): TestSymbols {
  const withRules = (at: number, name: string, cfi: string | undefined): TestFunction => ({
    at,
    name,
    ...(cfi === undefined ? {} : { cfi }),
  });
  return {
    app: symbolsOf(
      withRules(CRASH, "crash", rules.crash),
      withRules(CALLER, "caller", rules.caller),
      withRules(MAIN, "main", rules.main),
    ),
  };
}

/** A dump of a process with `app` and `lib`, and no thread yet. */
export function appDump(system: Parameters<SynthMinidump["system"]>[0] = {}): SynthMinidump {
  return synthMinidump()
    .system(system)
    .module({ base: APP, size: 0x1_0000, name: "/usr/bin/app", buildId: "ab".repeat(20) })
    .module({ base: LIB, size: 0x1_0000, name: "/usr/lib/lib", buildId: "cd".repeat(20) });
}

/** A dump with one thread, which is in the function `crash` of `app`. */
export function crashed(stack: SynthStack, registers: SynthThread["registers"] = {}): SynthMinidump {
  return appDump().thread({ stack, registers: { rip: inApp(CRASH), rsp: stack.base, ...registers } });
}
