import { textOf } from "../crash-data/json-value.ts";
import type { SignatureRule } from "./signature-rule.ts";

/** Says why there is no stack, when the stackwalker knows: `EMPTY: no frame data available; EmptyMinidump`. */
export const stackwalkerError: SignatureRule = {
  name: "StackwalkerErrorSignatureRule",
  apply({ crash, signature }) {
    const status = textOf(crash.mdsw_status_string);
    if (status === undefined || !signature.startsWith("EMPTY")) return undefined;
    return { signature: `${signature}; ${status}`, why: "there is no stack, and the stackwalker says why" };
  },
};
