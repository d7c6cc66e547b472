import type { Architecture, Callee, Caller } from "../unwind/architecture.ts";
import { isReturnAddress } from "../unwind/unwind-by-scan.ts";
import type { WalkScene } from "./walk-scene.ts";
import type { Place, WalkSteps } from "./walk-steps.ts";

/**
 * The caller of a function that crashed and has no frame of its own; undefined where it may have one. Only asked where
 * no rules tell of the frame.
 */
export function* leafCaller(
  architecture: Architecture,
  callee: Callee,
  place: Place | undefined,
  scene: WalkScene,
): WalkSteps<Caller | undefined> {
  if (architecture.cpu === "arm" || architecture.cpu === "arm64")
    return yield* callerInLinkRegister(architecture, callee, place, scene);
  if (architecture.cpu === "amd64" && callee.os === "Windows NT" && place?.symbols !== undefined)
    return yield* callerOnTop(callee, place, scene);
  return undefined;
}

/**
 * lr holds the return address until the function calls another one; from then on it points back into the function
 * itself. Where the functions of both are not known, nothing is claimed.
 */
function* callerInLinkRegister(
  { ip, sp }: Architecture,
  { registers, stripped }: Callee,
  place: Place | undefined,
  scene: WalkScene,
): WalkSteps<Caller | undefined> {
  const { requests } = scene;
  const own = place && requests.hitAt(place);
  const lr = registers["lr"] === undefined ? undefined : stripped(registers["lr"]);
  if (own === undefined || lr === undefined || lr < 1n) return undefined;
  const from = yield* requests.placeOf(lr - 1n);
  const caller = from && requests.hitAt(from);
  if (caller === undefined) return undefined;
  const isOwn = from?.module === place?.module && caller.functionStart === own.functionStart;
  if (isOwn) return undefined;
  const { lr: _, ...kept } = registers;
  return { trust: "scan", registers: { ...kept, [ip]: lr, [sp]: registers[sp]! } };
}

/** By the rules of 64-bit Windows a function without unwind rules neither moves rsp nor saves a register. */
function* callerOnTop(
  { registers, stack }: Callee,
  place: Place,
  scene: WalkScene,
): WalkSteps<Caller | undefined> {
  if (scene.requests.hitAt(place) === undefined) return undefined;
  const rsp = registers["rsp"]!;
  const rip = stack.peek(rsp);
  if (rip === undefined || !(yield* isReturnAddress(rip, scene))) return undefined;
  stack.word(rsp);
  return { trust: "scan", registers: { ...registers, rip, rsp: rsp + 8n } };
}
