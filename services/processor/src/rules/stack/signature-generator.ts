import { crashDataOf, siggenDebug } from "@mayday/signature";
import { rule } from "../../rule.ts";

/** Groups the crash under a signature, and keeps why. */
export const signatureGenerator = rule({
  name: "SignatureGeneratorRule",
  reads: [
    "json_dump",
    "java_stack_trace",
    "java_exception",
    "oom_allocation_size",
    "js_large_allocation_failure",
    "abort_message",
    "hang",
    "async_shutdown_timeout",
    "ipc_channel_error",
    "ipc_message_name",
    "additional_minidumps",
    "mdsw_status_string",
  ],
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
