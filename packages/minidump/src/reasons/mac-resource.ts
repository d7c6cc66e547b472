import { hex16 } from "../bytes/hex.ts";
import type { MinidumpException } from "../streams/exception.ts";

/** A resource whose limit was met: its flavors, and what the bits of code and subcode say. */
interface Resource {
  readonly name: string;
  readonly flavors: Readonly<Record<number, string>>;
  readonly says: (code: bigint, subcode: bigint) => string;
}

const bits = (value: bigint, from: bigint, mask: bigint) => (value >> from) & mask;

/** By the type in the flags (kern/exc_resource.h). */
const resources: Readonly<Record<number, Resource>> = {
  1: {
    name: "RESOURCE_TYPE_CPU",
    flavors: { 1: "FLAVOR_CPU_MONITOR", 2: "FLAVOR_CPU_MONITOR_FATAL" },
    // Of the seven bits of a percentage rust-minidump prints the low three.
    says: (code, subcode) =>
      `interval: ${bits(code, 7n, 0x1ff_ffffn)}s CPU limit: ${code & 7n}% CPU consumed: ${subcode & 7n}%`,
  },
  2: {
    name: "RESOURCE_TYPE_WAKEUPS",
    flavors: { 1: "FLAVOR_WAKEUPS_MONITOR" },
    says: (code, subcode) =>
      `interval: ${bits(code, 20n, 0xf_ffffn)}s wakeups permitted: ${code & 0xfffn} wakeups observed: ${subcode & 0xfffn}`,
  },
  3: {
    name: "RESOURCE_TYPE_MEMORY",
    flavors: { 1: "FLAVOR_HIGH_WATERMARK" },
    says: (code) => `high watermark limit: ${code & 0x1fffn}MiB`,
  },
  4: {
    name: "RESOURCE_TYPE_IO",
    flavors: { 1: "FLAVOR_IO_PHYSICAL_WRITES", 2: "FLAVOR_IO_LOGICAL_WRITES" },
    says: (code, subcode) =>
      `interval: ${bits(code, 15n, 0x1_ffffn)}s I/O limit: ${code & 0x7fffn}% I/O observed: ${subcode & 0x7fffn}%`,
  },
  5: {
    name: "RESOURCE_TYPE_THREADS",
    flavors: { 1: "FLAVOR_THREADS_HIGH_WATERMARK" },
    says: (code) => `high watermark limit: ${code & 0x7fffn}`,
  },
};

/** What follows `EXC_RESOURCE`; undefined for a resource without a name. */
export function macResourceText({ flags, parameters }: MinidumpException): string | undefined {
  const resource = resources[(flags >>> 29) & 7];
  if (resource === undefined) return undefined;
  const [, code = 0n, subcode = 0n] = parameters;
  const flavor = resource.flavors[Number(bits(code, 58n, 7n))];
  const says =
    flavor === undefined ? `${hex16(code)} / ${hex16(subcode)}` : `${flavor} ${resource.says(code, subcode)}`;
  return ` / ${resource.name} / ${says}`;
}
