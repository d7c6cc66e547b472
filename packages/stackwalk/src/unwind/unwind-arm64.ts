import {
  type Architecture,
  type Callee,
  type Caller,
  numbered,
  registerNames,
  usualScanWindow,
} from "./architecture.ts";

const WORD = 8n;
const LAST_ADDRESS = 0xffff_ffff_ffff_ffffn;

/** Where code may be: not in the first page, and below the tag bits. */
const FIRST_CODE = 0x1000n;
const LAST_CODE = 0xf_ffff_ffff_ffffn;

/** Addresses that Apple's systems give out at most. */
const APPLE_LAST_ADDRESS = (1n << 47n) - 1n;

export const arm64: Architecture = {
  cpu: "arm64",
  wordBytes: 8,
  ip: "pc",
  sp: "sp",
  fp: "fp",
  names: registerNames([...numbered("x", 28), "fp", "lr", "sp", "pc"], { x29: "fp", x30: "lr" }),
  calleeSaved: [...numbered("x", 28).slice(19), "fp"],
  callDistance: 4n,
  isPlausible: mayBeCode,
  scanWindow: usualScanWindow,
  framePointerNear: () => undefined,
  callerByFramePointer,
  isFurtherUp(caller, callee) {
    const [up, from] = [caller.registers["sp"]!, callee.registers["sp"]!];
    if (up !== from) return up > from;
    // A function without a frame, known to be one: it crashed, or its rules say so.
    if (caller.registers["pc"] === callee.registers["pc"]) return false;
    return callee.trust === "context" || caller.trust === "cfi";
  },
};

function mayBeCode(address: bigint): boolean {
  return address >= FIRST_CODE && address <= LAST_CODE;
}

/** The chain of frame records, of fp and lr each. Beside the caller's pc it also tells the caller's lr. */
function callerByFramePointer({ registers, stack, stripped }: Callee): Caller | undefined {
  const { fp } = registers as { fp?: bigint };
  if (fp === undefined || fp === 0n || fp >= LAST_ADDRESS - 2n * WORD) return undefined;
  const callerFp = stack.word(fp);
  const callerPc = stack.word(fp + WORD);
  if (callerFp === undefined || callerPc === undefined) return undefined;
  const [strippedFp, pc] = [stripped(callerFp), stripped(callerPc)];
  if (!mayBeCode(pc)) return undefined;
  const lr = strippedFp === 0n ? undefined : stack.word(strippedFp + WORD);
  const known = { pc, sp: fp + 2n * WORD, fp: strippedFp };
  return { trust: "frame_pointer", registers: lr === undefined ? known : { ...known, lr: stripped(lr) } };
}

/**
 * What takes the authentication code off a pointer (ARMv8.3): the bits that no address of the process needs.
 * @param highestEnd address behind the last module
 */
export function pointerStripper(highestEnd: bigint): (pointer: bigint) => bigint {
  const highest = highestEnd > APPLE_LAST_ADDRESS ? highestEnd : APPLE_LAST_ADDRESS;
  let mask = APPLE_LAST_ADDRESS;
  while (mask + 1n < highest) mask = (mask << 1n) | 1n;
  return (pointer) => pointer & mask;
}
