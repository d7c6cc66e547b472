import type { Architecture, Callee } from "../unwind/architecture.ts";
import { callerByRules } from "../unwind/unwind-by-rules.ts";
import { isReturnAddress } from "../unwind/unwind-by-scan.ts";
import type { WalkScene } from "./walk-scene.ts";
import type { Place, WalkSteps } from "./walk-steps.ts";

/**
 * The address by which the first frame is looked up: the instruction pointer, or the byte before where it stands just
 * behind a call that does not return. A compiler puts nothing behind such a call; what follows is padding, the end of
 * the module, or another function. Then frame and rules are those of the function that called.
 */
export function* contextInstruction(
  architecture: Architecture | undefined,
  ip: bigint,
  callee: Callee | undefined,
  scene: WalkScene,
): WalkSteps<bigint> {
  if (ip < 1n) return ip;
  const { requests } = scene;
  const at = yield* requests.placeOf(ip);
  const own = at && requests.hitAt(at);
  const isEntry = own !== undefined && own.functionStart === at?.offset;
  if (own !== undefined && !isEntry) return ip;
  const behind = yield* requests.placeOf(ip - 1n);
  const caller = behind && requests.hitAt(behind);
  if (behind === undefined || caller === undefined) return ip;
  if (!isEntry) return ip - 1n;
  // At the begin of a function it has rather just been entered, unless only the frame of the one before leads on.
  if (architecture === undefined || callee === undefined) return ip;
  if (at?.symbols?.cfiRules(at.offset) === undefined) return ip;
  if (yield* leadsOn(architecture, callee, at, scene)) return ip;
  return (yield* leadsOn(architecture, callee, behind, scene)) ? ip - 1n : ip;
}

/** Whether the rules of a place find a return address. */
function* leadsOn(
  architecture: Architecture,
  callee: Callee,
  place: Place | undefined,
  scene: WalkScene,
): WalkSteps<boolean> {
  const rules = place?.symbols?.cfiRules(place.offset);
  if (rules === undefined) return false;
  const caller = callerByRules(architecture, callee, rules, architecture.calleeSaved);
  return caller !== undefined && (yield* isReturnAddress(caller.registers[architecture.ip]!, scene));
}
