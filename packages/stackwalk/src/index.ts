export { CfiPrograms } from "./cfi-programs.ts";
export { FRAME_TRUST, type Frame, type FrameTrust } from "./frame.ts";
export { type JsonDumpOptions, jsonDump } from "./json-dump.ts";
export type { FunctionHit, InlineHit, ModuleSymbols, SymbolsAnswer } from "./module-symbols.ts";
export { type ThreadState, type Walk, type WalkedThread, walk, walkWith } from "./walk.ts";
export { walkImprovements } from "./walk-improvements.ts";
export type { WalkSteps } from "./walk-steps.ts";
