/** Where signatures can be made otherwise than siggen makes them. All are off unless asked for. */
export const signatureSwitches = {
  "module-offsets":
    "a stack of which no function is known is grouped by module and offset, not by module alone: each module of the signature once, with the offset of its first frame",
} as const satisfies Record<string, string>;

export type SignatureSwitch = keyof typeof signatureSwitches;

export const signatureSwitchNames = Object.keys(signatureSwitches) as [SignatureSwitch, ...SignatureSwitch[]];
