import type { SignatureRule } from "./signature-rule.ts";

const MAX_CHARACTERS = 255;

/** Signatures are keys in addresses, searches and databases: printable ASCII only. */
export const printableCharactersOnly: SignatureRule = {
  name: "SigPrintableCharsOnly",
  apply({ signature }) {
    const printable = signature.trim().replace(/[^ -~]/g, "");
    if (printable === signature) return undefined;
    return {
      signature: printable,
      why: "it has characters that are not printable ASCII, or blanks around it",
      notes: ["unprintable characters removed"],
    };
  },
};

export const evenWhitespace: SignatureRule = {
  name: "SigFixWhitespace",
  apply: ({ signature }) => ({
    signature: signature.trim().replace(/\s+/g, " "),
    why: "blanks are single, and none is at an end",
  }),
};

export const truncate: SignatureRule = {
  name: "SigTruncate",
  apply({ signature }) {
    if (signature.length <= MAX_CHARACTERS) return undefined;
    return {
      signature: `${signature.slice(0, MAX_CHARACTERS - 3)}...`,
      why: `it has more than ${MAX_CHARACTERS} characters`,
      notes: ["SigTrunc: signature truncated due to length"],
    };
  },
};
