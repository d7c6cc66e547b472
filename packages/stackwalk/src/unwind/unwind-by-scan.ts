import type { WalkScene } from "../walk/walk-scene.ts";
import type { WalkSteps } from "../walk/walk-steps.ts";
import type { Architecture, Callee, Caller } from "./architecture.ts";

/**
 * The first word up the stack that could be a return address: it lies in a module and, where its symbols are known, in
 * one of its functions.
 */
export function* callerByScan(
  architecture: Architecture,
  callee: Callee,
  scene: WalkScene,
): WalkSteps<Caller | undefined> {
  const { wordBytes, ip, sp, fp } = architecture;
  const { skip, words } = architecture.scanWindow(callee.trust);
  const top = callee.registers[sp]! + BigInt(skip * wordBytes);
  const isBelow = scene.improvements.has("stack_from_its_bytes") && callee.trust === "context";
  const start = isBelow ? callee.stack.firstAtOrAbove(top) : top;
  for (let i = 0; i < words; i++) {
    const slot = start + BigInt(i * wordBytes);
    const word = callee.stack.peek(slot);
    if (word === undefined) return undefined;
    if (!architecture.isPlausible(word)) continue;
    if (!(scene.scanned.get(word) ?? (yield* isReturnAddress(word, scene)))) continue;
    callee.stack.word(slot);
    const callerFp = architecture.framePointerNear(callee, slot, i === 0);
    const known = { [ip]: word, [sp]: slot + BigInt(wordBytes) };
    return { trust: "scan", registers: callerFp === undefined ? known : { ...known, [fp]: callerFp } };
  }
  return undefined;
}

/** Whether what lies before an address may be a call. Scanning looks one byte back on every processor. */
export function* isReturnAddress(address: bigint, scene: WalkScene): WalkSteps<boolean> {
  const known = scene.scanned.get(address);
  if (known !== undefined) return known;
  const is = yield* looksLikeReturnAddress(address, scene);
  scene.scanned.set(address, is);
  return is;
}

function* looksLikeReturnAddress(
  address: bigint,
  { requests, memory, improvements }: WalkScene,
): WalkSteps<boolean> {
  if (address <= 1n) return false;
  // Not the call but what it returns to: the auxiliary vector holds the dynamic linker's base, which may lie right
  // behind the vdso.
  if (improvements.has("return_to_data") && memory.isCode(address) === false) return false;
  if (improvements.has("stack_is_no_code") && memory.isStack(address)) return false;
  const place = requests.knownPlaceOf(address - 1n) ?? (yield* requests.placeOf(address - 1n));
  if (place === undefined) return improvements.has("jit_frames") && memory.isCode(address - 1n) === true;
  return place.symbols === undefined || (requests.hitAt(place)?.function ?? "") !== "";
}
