export type {
  CrashData,
  CrashFrame,
  CrashThread,
  InlineFrame,
  UnloadedModule,
} from "./crash-data/crash-data.ts";
export { crashDataFields, crashDataOf } from "./crash-data/crash-data-of.ts";
export { parseCrashData } from "./crash-data/parse-crash-data.ts";
export type { FrameSource, FrameText } from "./frames/frame-text.ts";
export { generateSignature } from "./generate-signature.ts";
export { type SiggenResult, siggenDebug, siggenResult } from "./result/siggen-result.ts";
export {
  type SignatureChange,
  type SignatureCount,
  type SignatureDiff,
  SignatureDiffCounter,
} from "./result/signature-diff.ts";
export type { SignatureResult } from "./result/signature-result.ts";
export type { FramePlace, SignatureStep } from "./result/signature-step.ts";
export {
  defaultSiglistsFolder,
  loadSiglists,
  siglistsVersion,
  siglistTexts,
} from "./siglists/load-siglists.ts";
export { type Siglist, type SiglistFile, type SiglistLine, siglistFiles } from "./siglists/siglist.ts";
export { parseSiglists, type Siglists } from "./siglists/siglists.ts";
export { type MakeSignature, signatureMaker } from "./signature-maker.ts";
export { type SignatureSwitch, signatureSwitches } from "./signature-switches.ts";
