import {
  type Architecture,
  type Callee,
  type Caller,
  MAX_FRAME_BYTES,
  registerNames,
  usualScanWindow,
} from "./architecture.ts";

const WORD = 4n;
const ADDRESS_SPACE_END = 1n << 32n;

export const x86: Architecture = {
  cpu: "x86",
  wordBytes: 4,
  ip: "eip",
  sp: "esp",
  fp: "ebp",
  names: registerNames(["eip", "esp", "ebp", "ebx", "esi", "edi", "eax", "ecx", "edx", "eflags"]),
  calleeSaved: ["ebp", "ebx", "edi", "esi"],
  callDistance: 1n,
  isPlausible: () => true,
  scanWindow: usualScanWindow,
  framePointerNear,
  callerByFramePointer,
  isFurtherUp: (caller, callee) => caller.registers["esp"]! > callee.registers["esp"]!,
};

/** Most x86 code keeps ebp, so what it points at is taken without further checks (rust-minidump's rule). */
function callerByFramePointer({ registers, stack }: Callee): Caller | undefined {
  const ebp = registers["ebp"];
  if (ebp === undefined || ebp >= ADDRESS_SPACE_END - 1n - 2n * WORD) return undefined;
  const callerEip = stack.word(ebp + WORD);
  const callerEbp = stack.word(ebp);
  if (callerEip === undefined || callerEbp === undefined) return undefined;
  const callerEsp = ebp + 2n * WORD;
  return { trust: "frame_pointer", registers: { eip: callerEip, esp: callerEsp, ebp: callerEbp } };
}

/** The caller's ebp: saved right below the return address, else not yet touched by the callee. */
function framePointerNear({ registers, stack }: Callee, slot: bigint, isFirst: boolean): bigint | undefined {
  if (isFirst) return undefined;
  const below = slot - WORD;
  const saved = stack.word(below);
  if (saved !== undefined && saved > slot && saved - below <= MAX_FRAME_BYTES)
    return stack.has(saved) ? saved : undefined;
  const { ebp } = registers as { ebp?: bigint };
  return ebp !== undefined && ebp >= slot + WORD && stack.has(ebp) ? ebp : undefined;
}
