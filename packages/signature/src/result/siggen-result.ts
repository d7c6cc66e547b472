import type { SignatureResult } from "./signature-result.ts";

/** A result in siggen's words, as its users and Crash Stats' API have it. */
export interface SiggenResult {
  readonly signature: string;
  readonly notes: readonly string[];
  /** Empty when the signature was not made of frames. */
  readonly extra: { readonly proto_signature?: string; readonly normalized_frames?: readonly string[] };
}

export function siggenResult(result: SignatureResult): SiggenResult {
  const { signature, notes, protoSignature, normalizedFrames } = result;
  if (protoSignature === undefined || normalizedFrames === undefined) return { signature, notes, extra: {} };
  return {
    signature,
    notes,
    extra: { proto_signature: protoSignature, normalized_frames: normalizedFrames },
  };
}

/** Why the signature reads as it does in Socorro's words, a line each: the processed crash's `signature_debug`. */
export function siggenDebug({ debug }: SignatureResult): string {
  return debug.join("\n");
}
