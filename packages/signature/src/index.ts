export type { CrashData, CrashFrame, CrashThread, InlineFrame, UnloadedModule } from "./crash-data.ts";
export { crashDataFields, crashDataOf } from "./crash-data-of.ts";
export type { FrameSource, FrameText } from "./frame-text.ts";
export { generateSignature } from "./generate-signature.ts";
export { defaultSiglistsFolder, loadSiglists, siglistsVersion, siglistTexts } from "./load-siglists.ts";
export { parseCrashData } from "./parse-crash-data.ts";
export { type SiggenResult, siggenDebug, siggenResult } from "./siggen-result.ts";
export { type Siglist, type SiglistFile, type SiglistLine, siglistFiles } from "./siglist.ts";
export { parseSiglists, type Siglists } from "./siglists.ts";
export {
  type SignatureChange,
  type SignatureCount,
  type SignatureDiff,
  SignatureDiffCounter,
} from "./signature-diff.ts";
export { type MakeSignature, signatureMaker } from "./signature-maker.ts";
export type { SignatureResult } from "./signature-result.ts";
export type { FramePlace, SignatureStep } from "./signature-step.ts";
export { type SignatureSwitch, signatureSwitches } from "./signature-switches.ts";
