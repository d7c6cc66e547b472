import { crashReason, instructionPointer } from "@mayday/minidump";
import { isNonCanonical, isProtectionFault } from "./adjusted-address.ts";
import type { CrashScene } from "./crash-scene.ts";
import { allows } from "./memory-regions.ts";

/** Where the crash, as the system tells it, cannot be what the instruction does: hardware at fault, or a lie. */
export type CrashInconsistency =
  | "int_div_by_zero_not_possible"
  | "priv_instruction_crash_without_priv_instruction"
  | "non_canonical_address_falsely_reported"
  | "access_violation_when_access_allowed"
  | "crashing_access_not_found_in_memory_accesses";

const DIVISIONS_BY_ZERO: ReadonlySet<string> = new Set([
  "SIGFPE / FPE_INTDIV",
  "EXCEPTION_INT_DIVIDE_BY_ZERO",
  "EXC_ARITHMETIC / EXC_I386_DIV",
  "EXC_ARITHMETIC / EXC_PPC_ZERO_DIVIDE",
]);

export function crashInconsistencies(scene: CrashScene): CrashInconsistency[] {
  const { instruction, operation, dump } = scene;
  const reason = crashReason(dump) ?? "";
  if (DIVISIONS_BY_ZERO.has(reason))
    return instruction?.isDivision === false ? ["int_div_by_zero_not_possible"] : [];
  if (reason === "EXCEPTION_PRIV_INSTRUCTION")
    return instruction?.isPrivileged === false ? ["priv_instruction_crash_without_priv_instruction"] : [];
  if (operation === "any" && reason !== "EXCEPTION_STACK_OVERFLOW") return [];
  const isMissing = crashingAccessIsMissing(scene, reason);
  if (operation === "read" && isMissing && isProtectionFault(scene)) {
    const isFalse = instruction?.faultsOnlyWhenNonCanonical === true && touchesOnlyCanonical(scene);
    return isFalse ? ["non_canonical_address_falsely_reported"] : [];
  }
  return [
    ...(isMissing ? (["crashing_access_not_found_in_memory_accesses"] as const) : []),
    ...(isAllowed(scene) ? (["access_violation_when_access_allowed"] as const) : []),
  ];
}

/** Whether the access that the system tells of is none of the instruction's. Where that is not sure, false. */
function crashingAccessIsMissing(scene: CrashScene, reason: string): boolean {
  const { instruction, address, operation, exception } = scene;
  if (instruction?.accesses === undefined) return false;
  if (operation === "execute")
    return exception.context !== undefined && instructionPointer(exception.context) !== address;
  if (!instruction.isAccessSure) return false;
  if (reason === "EXCEPTION_STACK_OVERFLOW") return instruction.accesses.length === 0;
  return !instruction.accesses.some(
    (access) =>
      (access.type === operation || access.type === "readwrite") &&
      covers(access.address, access.size, address),
  );
}

/** An access may go round the end of the address space. */
function covers(start: bigint, size: number | undefined, address: bigint): boolean {
  return size !== undefined && BigInt.asUintN(64, address - start) < BigInt(size);
}

function touchesOnlyCanonical({ instruction }: CrashScene): boolean {
  if (instruction?.accesses === undefined || !instruction.isAccessSure) return false;
  if (instruction.accesses.some(({ address }) => isNonCanonical(address))) return false;
  const { jump } = instruction;
  return jump.kind === "none" || (jump.kind === "to" && !isNonCanonical(jump.address));
}

function isAllowed({ regions, address, operation }: CrashScene): boolean {
  const region = regions.at(address);
  return region !== undefined && allows(region, operation, false);
}
