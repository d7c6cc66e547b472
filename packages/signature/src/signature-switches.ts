import { MaydayError } from "@mayday/errors";

/** Where signatures can be made otherwise than siggen makes them. */
export const signatureSwitches = {
  "module-offsets":
    "a stack of which no function is known is grouped by module and offset, not by module alone: each module of the signature once, with the offset of its first frame",
  "improved-names":
    "function names of which Socorro's rules make `const`, `->`, or nothing are mended first; on unless parity is asked for",
  parity: "exactly as Socorro, without improved-names",
} as const satisfies Record<string, string>;

export type SignatureSwitch = keyof typeof signatureSwitches;

/** @throws MaydayError CONFIG_INVALID for a name that no switch has */
export function parseSignatureSwitches(names: readonly string[]): SignatureSwitch[] {
  const unknown = names.filter((name) => !Object.hasOwn(signatureSwitches, name));
  if (unknown.length === 0) {
    const asked = names as SignatureSwitch[];
    return asked.includes("parity")
      ? asked.filter((name) => name !== "improved-names" && name !== "parity")
      : [...new Set<SignatureSwitch>([...asked, "improved-names"])];
  }
  const known = Object.keys(signatureSwitches).join(", ");
  throw new MaydayError(
    "CONFIG_INVALID",
    `${unknown.join(", ")} is no signature switch; there are: ${known}`,
  );
}
