export { SynthBytes } from "./synth-bytes.ts";
export { synthContext } from "./synth-context.ts";
export type { SynthCrashpadInfo, SynthCrashpadModule } from "./synth-crashpad.ts";
export type { SynthMacCrashRecord } from "./synth-mac.ts";
export {
  type SynthException,
  type SynthHandle,
  type SynthLinux,
  type SynthMemoryInfo,
  SynthMinidump,
  synthMinidump,
} from "./synth-minidump.ts";
export type { SynthModule } from "./synth-module.ts";
export { type Label, label, SynthStack, synthStack } from "./synth-stack.ts";
export type { SynthMiscInfo, SynthSystem } from "./synth-system.ts";
export type { SynthMemory, SynthThread } from "./synth-thread.ts";
