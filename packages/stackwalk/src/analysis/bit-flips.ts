import type { CpuContext } from "@mayday/minidump";
import type { AdjustedAddress } from "./adjusted-address.ts";
import type { CrashScene } from "./crash-scene.ts";
import { allows, type MemoryOperation, type MemoryRegions } from "./memory-regions.ts";

/** An address that the crash may have meant, one bit away from the one it used: memory or processors do fail. */
export interface PossibleBitFlip {
  readonly address: bigint;
  /** The register that held the wrong address; undefined where it is the address of the crash. */
  readonly sourceRegister: string | undefined;
  readonly details: BitFlipDetails;
  /** From 0 to 1, of single precision. */
  readonly confidence: number;
}

interface BitFlipDetails {
  readonly wasNonCanonical: boolean;
  readonly isNull: boolean;
  /** The wrong address was a small number, which programs make by themselves. */
  readonly wasLow: boolean;
  readonly nearbyRegisters: number;
  /** A register holds what allocators fill freed memory with: then it was no bit flip. */
  readonly poisonRegisters: boolean;
}

const NEARBY = 4096n;
const PAGE = 4096n;
const LAST_LOW = 2n * NEARBY;

/** Bytes that allocators fill memory with (Firefox's mfbt/Poison.h and jemalloc). */
const POISON: ReadonlySet<bigint> = new Set(
  [
    0x2b, 0x2d, 0x2f, 0x49, 0x4b, 0x4d, 0x4f, 0x6b, 0x8b, 0x9b, 0x9f, 0xa5, 0xbb, 0xcc, 0xcd, 0xce, 0xdb,
    0xe5,
  ].map(BigInt),
);

/** Which bits are tried, and how. */
interface Trial {
  readonly bits: readonly [first: number, end: number];
  readonly isNonCanonical: boolean;
  readonly regions: MemoryRegions;
  readonly operation: MemoryOperation;
  readonly context: CpuContext | undefined;
  /** Bytes of the access that crashed. */
  readonly accessSize: number | undefined;
  /** Whether an address close to what is mapped is rather an overrun. */
  readonly weighsDistance: boolean;
}

/**
 * The bit flips that may have led to the crash, of its address and of the registers its instruction used. Only on
 * 64-bit processors, whose address spaces are empty enough, and not on ARM64, whose instructions are not read.
 */
export function possibleBitFlips(
  { dump, exception, address, regions, operation, improvements, instruction }: CrashScene,
  adjusted: AdjustedAddress | undefined,
): PossibleBitFlip[] {
  const { cpu, pointerWidth } = dump.systemInfo;
  if (pointerWidth !== 8 || cpu === "arm64" || adjusted?.kind === "null-pointer") return [];
  const isNonCanonical = adjusted?.kind === "non-canonical";
  const access = instruction?.accesses?.find(
    ({ address: start, size = 0 }) => address >= start && address < start + BigInt(size),
  );
  const trial: Trial = {
    bits: isNonCanonical ? [48, 64] : cpu === "amd64" ? [0, 48] : [0, 64],
    isNonCanonical,
    regions,
    operation,
    context: exception.context,
    accessSize: access?.size,
    weighsDistance: improvements.has("overrun_before_bit_flip"),
  };
  const tried = access?.address ?? (isNonCanonical ? adjusted.address : address);
  const flips = flipsOf(tried, undefined, trial);
  if (exception.context === undefined) return flips;
  for (const name of [...(instruction?.addressRegisters ?? [])].sort()) {
    const value = exception.context.registers[name];
    if (value !== undefined) flips.push(...flipsOf(value, name, trial));
  }
  return flips;
}

function flipsOf(address: bigint, sourceRegister: string | undefined, trial: Trial): PossibleBitFlip[] {
  const { regions, operation, accessSize } = trial;
  const allowed = (candidate: bigint) => {
    const region = regions.at(candidate);
    return region !== undefined && allows(region, operation, true);
  };
  if (allowed(address)) return [];
  const distance = distanceToMapping(address, trial);
  // Right beside what is mapped it was a step too far.
  if (distance !== undefined && accessSize !== undefined && distance < BigInt(accessSize)) return [];
  const likelihood = trial.weighsDistance ? flipLikelihood(distance) : 1;
  const flips: PossibleBitFlip[] = [];
  for (let bit = trial.bits[0]; bit < trial.bits[1]; bit++) {
    const flipped = address ^ (1n << BigInt(bit));
    const times = (flipped === 0n ? 1 : 0) + (allowed(flipped) ? 1 : 0);
    for (let time = 0; time < times; time++) {
      const details = detailsOf(flipped, address, trial);
      const confidence = Math.fround(confidenceOf(details) * likelihood);
      flips.push({ address: flipped, sourceRegister, details, confidence });
    }
  }
  return flips;
}

/** How much less likely a flipped bit is than a loop that ran some bytes too far: the less, the nearer. */
function flipLikelihood(distance: bigint | undefined): number {
  return distance === undefined || distance >= PAGE ? 1 : Number(distance) / Number(PAGE);
}

function distanceToMapping(address: bigint, { regions, operation }: Trial): bigint | undefined {
  let least: bigint | undefined;
  for (const region of regions.sorted) {
    if (!allows(region, operation, true)) continue;
    const distance =
      address < region.start ? region.start - address : address > region.last ? address - region.last : 0n;
    if (least === undefined || distance < least) least = distance;
  }
  return least;
}

function detailsOf(flipped: bigint, original: bigint, { isNonCanonical, context }: Trial): BitFlipDetails {
  const isNull = flipped === 0n;
  const values = Object.values(context?.registers ?? {});
  const isNear = (value: bigint) => value - flipped <= NEARBY && flipped - value <= NEARBY;
  return {
    wasNonCanonical: isNonCanonical,
    isNull,
    wasLow: isNull && original <= LAST_LOW,
    // Small numbers are near each other by chance.
    nearbyRegisters: flipped > LAST_LOW ? values.filter(isNear).length : 0,
    poisonRegisters: values.some((value) => isPoison(value, context?.width ?? 8)),
  };
}

function isPoison(value: bigint, width: 4 | 8): boolean {
  const byte = value & 0xffn;
  const repeated = byte * (width === 8 ? 0x0101_0101_0101_0101n : 0x0101_0101n);
  return value === repeated && POISON.has(byte);
}

const NEAR_CONFIDENCE = [0.5, 0.55, 0.6, 0.65].map(Math.fround);

/** Weights are rust-minidump's, and so is their single precision. */
function confidenceOf(details: BitFlipDetails): number {
  const { fround } = Math;
  const signs = [0.25];
  if (details.wasNonCanonical) signs.push(0.9);
  if (details.isNull) signs.push(details.wasLow ? 0.25 : 0.5);
  if (details.nearbyRegisters > 0) signs.push(NEAR_CONFIDENCE[Math.min(details.nearbyRegisters, 4) - 1]!);
  const doubt = signs.reduce((product, sign) => fround(product * fround(1 - fround(sign))), 1);
  const confidence = fround(1 - doubt);
  return details.poisonRegisters ? fround(confidence * 0.5) : confidence;
}
