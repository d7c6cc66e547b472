export type {
  CfiExpression,
  CfiRules,
  CfiStep,
  FunctionHit,
  InlineHit,
  ModuleSymbols,
  SymbolsAnswer,
  WindowsFrame,
} from "./address-space/module-symbols.ts";
export { type HumanReportOptions, humanReport } from "./human/human-report.ts";
export { clientAnnotations } from "./json/client-annotations.ts";
export { type JsonDumpOptions, jsonDump } from "./json/json-dump.ts";
export { type Sanitized, sanitize } from "./sanitize/sanitize.ts";
export { FRAME_TRUST, type Frame, type FrameTrust } from "./walk/frame.ts";
export {
  type ThreadState,
  type Walk,
  type WalkedThread,
  type WalkOptions,
  walk,
  walkWith,
} from "./walk/walk.ts";
export {
  allImprovements,
  noImprovements,
  type WalkImprovement,
  walkImprovements,
} from "./walk/walk-improvements.ts";
export type { WalkSteps } from "./walk/walk-steps.ts";
