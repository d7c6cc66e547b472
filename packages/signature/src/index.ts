export type { CrashData, CrashFrame, CrashThread, InlineFrame, UnloadedModule } from "./crash-data.ts";
export { crashDataOf } from "./crash-data-of.ts";
export { generateSignature } from "./generate-signature.ts";
export { defaultSiglistsFolder, loadSiglists } from "./load-siglists.ts";
export { type Siglist, type SiglistFile, type SiglistLine, siglistFiles } from "./siglist.ts";
export { parseSiglists, type Siglists } from "./siglists.ts";
export type { SignatureResult } from "./signature-result.ts";
export type { FramePlace, SignatureStep } from "./signature-step.ts";
