import { textOf } from "../crash-data/json-value.ts";
import type { SignatureRule } from "./signature-rule.ts";

/** Adds the IPC message that was being handled. */
export const ipcMessageName: SignatureRule = {
  name: "SignatureIPCMessageName",
  apply({ crash, signature }) {
    const name = textOf(crash.ipc_message_name);
    if (name === undefined) return undefined;
    return { signature: `${signature} | IPC_Message_Name=${name}`, why: "an IPC message was being handled" };
  },
};
