import { crashDataOf } from "@mayday/signature";
import type { Rule } from "../rule.ts";

/** Groups the crash under a signature, and keeps why. */
export const signature: Rule = {
  name: "SignatureGenerator",
  act({ processed, notes }, { makeSignature }) {
    const result = makeSignature(crashDataOf(processed));
    processed.signature = result.signature;
    processed.proto_signature = result.protoSignature ?? "";
    processed.signature_debug = JSON.stringify(result.steps);
    notes.push(...result.notes);
  },
};
