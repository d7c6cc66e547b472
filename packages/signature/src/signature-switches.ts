import { MaydayError } from "@mayday/crash";

/** Where signatures can be made otherwise than siggen makes them. All are off unless asked for. */
export const signatureSwitches = {
  "module-offsets":
    "a stack of which no function is known is grouped by module and offset, not by module alone: each module of the signature once, with the offset of its first frame",
} as const satisfies Record<string, string>;

export type SignatureSwitch = keyof typeof signatureSwitches;

/** @throws MaydayError CONFIG_INVALID for a name that no switch has */
export function parseSignatureSwitches(names: readonly string[]): SignatureSwitch[] {
  const unknown = names.filter((name) => !Object.hasOwn(signatureSwitches, name));
  if (unknown.length === 0) return names as SignatureSwitch[];
  const known = Object.keys(signatureSwitches).join(", ");
  throw new MaydayError(
    "CONFIG_INVALID",
    `${unknown.join(", ")} is no signature switch; there are: ${known}`,
  );
}
