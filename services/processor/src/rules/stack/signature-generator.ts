import { crashDataFields, crashDataOf, siggenDebug } from "@mayday/signature";
import { rule } from "../../rule.ts";

/** Groups the crash under a signature, and keeps why. */
export const signatureGenerator = rule({
  name: "SignatureGeneratorRule",
  reads: ["json_dump", ...crashDataFields],
  writes: ["signature", "proto_signature", "signature_debug", "signature_steps"],
  act({ processed, notes }, { makeSignature }) {
    const result = makeSignature(crashDataOf(processed));
    processed.signature = result.signature;
    if (result.protoSignature !== undefined) processed.proto_signature = result.protoSignature;
    processed.signature_debug = siggenDebug(result);
    processed.signature_steps = result.steps;
    notes.push(...result.notes);
  },
});
