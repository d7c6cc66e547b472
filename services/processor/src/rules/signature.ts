import { crashDataOf, generateSignature } from "@mayday/signature";
import type { Rule } from "../rule.ts";

/** Groups the crash under a signature, and keeps why. */
export const signature: Rule = {
  name: "SignatureGenerator",
  act({ processed, notes }, { siglists }) {
    const result = generateSignature(crashDataOf(processed), siglists);
    processed.signature = result.signature;
    processed.proto_signature = result.protoSignature ?? "";
    processed.signature_debug = JSON.stringify(result.steps);
    notes.push(...result.notes);
  },
};
