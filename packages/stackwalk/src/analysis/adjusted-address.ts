import { crashReason } from "@mayday/minidump";
import type { CrashScene } from "./crash-scene.ts";

/** A better address than the one the system told. */
export type AdjustedAddress =
  /** The processor refused an address that no program can have; the system does not tell which. */
  | { readonly kind: "non-canonical"; readonly address: bigint }
  /** The instruction went through a null pointer, so many bytes away from it. */
  | { readonly kind: "null-pointer"; readonly offset: bigint };

const FIRST_NON_CANONICAL = 0x8000_0000_0000n;
const LAST_NON_CANONICAL = 0xffff_7fff_ffff_ffffn;
const LAST_ADDRESS = 0xffff_ffff_ffff_ffffn;

/** What the crash really touched, where the accesses of its instruction tell it. */
export function adjustedAddress(scene: CrashScene): AdjustedAddress | undefined {
  const { instruction, dump } = scene;
  if (instruction?.accesses === undefined) return undefined;
  const jump = instruction.jump.kind === "to" ? [instruction.jump] : [];
  const touched = [...instruction.accesses, ...jump];
  const nullPointer = touched.find(({ throughNull }) => throughNull);
  if (nullPointer !== undefined) return { kind: "null-pointer", offset: nullPointer.address };
  if (dump.systemInfo.cpu !== "amd64" || !isProtectionFault(scene)) return undefined;
  const culprit = touched.find(({ address }) => isNonCanonical(address));
  return culprit && { kind: "non-canonical", address: culprit.address };
}

/** Whether an address is one that the processor refuses: its upper 17 bits differ. */
export function isNonCanonical(address: bigint): boolean {
  return address >= FIRST_NON_CANONICAL && address <= LAST_NON_CANONICAL;
}

/** Whether the crash is what the system makes of a general protection fault, which has no address. */
export function isProtectionFault({ dump, address, operation }: CrashScene): boolean {
  const reason = crashReason(dump);
  switch (dump.systemInfo.os) {
    case "Windows NT":
      return operation === "read" && address === LAST_ADDRESS;
    case "Mac OS X":
      return reason === "EXC_BAD_ACCESS / EXC_I386_GPFLT" && address === 0n;
    case "Linux":
      return (reason === "SIGSEGV / SI_KERNEL" || reason === "SIGBUS / SI_KERNEL") && address === 0n;
    default:
      return false;
  }
}
