import type { CrashInfoJson } from "@mayday/crash";
import { crashAddress, crashReason, type Minidump } from "@mayday/minidump";
import type { AdjustedAddress } from "../analysis/adjusted-address.ts";
import type { PossibleBitFlip } from "../analysis/bit-flips.ts";
import type { AccessAtCrash } from "../analysis/crash-analysis.ts";
import type { Walk } from "../walk/walk.ts";
import { type Hex, orNull } from "./json-values.ts";

export function crashInfoJson(dump: Minidump, { crash, crashingThread }: Walk, hex: Hex): CrashInfoJson {
  return {
    type: crashReason(dump) ?? null,
    address: orNull(crashAddress(dump), hex),
    adjusted_address: orNull(crash?.adjustedAddress, (adjusted) => adjustedJson(adjusted, hex)),
    // minidump-stackwalk has this field and never fills it.
    assertion: null,
    crash_inconsistencies: crash?.inconsistencies ?? null,
    crashing_thread: crashingThread ?? null,
    instruction: crash?.instruction ?? null,
    instruction_pointer_update: crash?.jump?.kind === "to" ? { address: hex(crash.jump.address) } : null,
    memory_accesses: orNull(crash?.memoryAccesses, (accesses) =>
      accesses.map((access) => accessJson(access, hex)),
    ),
    possible_bit_flips:
      crash === undefined || crash.possibleBitFlips.length === 0
        ? null
        : crash.possibleBitFlips.map((flip) => bitFlipJson(flip, hex)),
  };
}

function adjustedJson(adjusted: AdjustedAddress, hex: Hex) {
  return adjusted.kind === "non-canonical"
    ? { kind: adjusted.kind, address: hex(adjusted.address) }
    : { kind: adjusted.kind, offset: hex(adjusted.offset) };
}

function accessJson({ address, size, type, isLikelyGuardPage }: AccessAtCrash, hex: Hex) {
  return {
    address: hex(address),
    size: size ?? null,
    ...(type === undefined ? {} : { access_type: type }),
    ...(isLikelyGuardPage ? { is_likely_guard_page: true } : {}),
  };
}

function bitFlipJson({ address, sourceRegister, details, confidence }: PossibleBitFlip, hex: Hex) {
  return {
    address: hex(address),
    source_register: sourceRegister ?? null,
    confidence,
    details: {
      was_non_canonical: details.wasNonCanonical,
      is_null: details.isNull,
      was_low: details.wasLow,
      nearby_registers: details.nearbyRegisters,
      poison_registers: details.poisonRegisters,
    },
  };
}
