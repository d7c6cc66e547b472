export { clientAnnotations } from "./client-annotations.ts";
export { FRAME_TRUST, type Frame, type FrameTrust } from "./frame.ts";
export { type HumanReportOptions, humanReport } from "./human/human-report.ts";
export { type JsonDumpOptions, jsonDump } from "./json/json-dump.ts";
export type {
  CfiExpression,
  CfiRules,
  CfiStep,
  FunctionHit,
  InlineHit,
  ModuleSymbols,
  SymbolsAnswer,
  WindowsFrame,
} from "./module-symbols.ts";
export { type Sanitized, sanitize } from "./sanitize.ts";
export { type ThreadState, type Walk, type WalkedThread, type WalkOptions, walk, walkWith } from "./walk.ts";
export {
  allImprovements,
  noImprovements,
  type WalkImprovement,
  walkImprovements,
} from "./walk-improvements.ts";
export type { WalkSteps } from "./walk-steps.ts";
