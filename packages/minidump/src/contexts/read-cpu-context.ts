import type { ByteReader } from "../bytes/byte-reader.ts";
import { amd64Layout } from "./amd64.ts";
import { armLayout } from "./arm.ts";
import { arm64Layout, oldArm64Layout } from "./arm64.ts";
import { type ContextLayout, readContext } from "./context-layout.ts";
import type { CpuContext } from "./cpu-context.ts";
import { LOONGARCH64, loongarch64Layout } from "./loongarch.ts";
import { mips64Layout, mipsLayout } from "./mips.ts";
import { ppc64Layout, ppcLayout } from "./ppc.ts";
import { riscv64Layout, riscvLayout } from "./riscv.ts";
import { shadowStackPointer } from "./shadow-stack-pointer.ts";
import { sparcLayout } from "./sparc.ts";
import { x86Layout } from "./x86.ts";

/**
 * Layouts by the processor number of SystemInfo. Nothing in a record says surely which one it has: the flags that
 * name the processor lie at different places.
 */
const layouts: Readonly<Record<number, ContextLayout>> = {
  0: x86Layout,
  1: mipsLayout,
  3: ppcLayout,
  5: armLayout,
  9: amd64Layout,
  10: x86Layout,
  12: arm64Layout,
  13: armLayout,
  14: x86Layout,
  [LOONGARCH64]: loongarch64Layout,
  32769: sparcLayout,
  32770: ppc64Layout,
  32771: oldArm64Layout,
  32772: mips64Layout,
  32773: riscvLayout,
  32774: riscv64Layout,
};

/**
 * Decodes a thread's context record for the processor that the dump names by its number. undefined when the record is
 * damaged or the processor is not one this package reads.
 */
export function readCpuContext(architecture: number, record: ByteReader): CpuContext | undefined {
  const layout = layouts[architecture];
  const context = layout === undefined ? undefined : readContext(layout, record);
  const shadow = context?.cpu === "amd64" ? shadowStackPointer(record) : undefined;
  return context === undefined || shadow === undefined ? context : { ...context, shadowStackPointer: shadow };
}
