import type { SignatureRule } from "../signature-rule.ts";

const MAX_CHARACTERS = 255;

/** Signatures are keys in addresses, searches and databases: printable ASCII only. */
export const printableCharactersOnly: SignatureRule = {
  name: "SigPrintableCharsOnly",
  apply({ signature }) {
    const printable = signature.trim().replace(/[^ -~]/g, "");
    if (printable === signature) return undefined;
    return { signature: printable, notes: ["unprintable characters removed"] };
  },
};

export const evenWhitespace: SignatureRule = {
  name: "SigFixWhitespace",
  apply: ({ signature }) => ({ signature: signature.trim().replace(/\s+/g, " ") }),
};

export const truncate: SignatureRule = {
  name: "SigTruncate",
  apply({ signature }) {
    if (signature.length <= MAX_CHARACTERS) return undefined;
    return {
      signature: `${signature.slice(0, MAX_CHARACTERS - 3)}...`,
      notes: ["SigTrunc: signature truncated due to length"],
    };
  },
};
