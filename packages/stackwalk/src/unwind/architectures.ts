import type { Cpu } from "@mayday/minidump";
import type { Architecture } from "./architecture.ts";
import { amd64 } from "./unwind-amd64.ts";
import { arm } from "./unwind-arm.ts";
import { arm64 } from "./unwind-arm64.ts";
import { loongarch64 } from "./unwind-loongarch.ts";
import { mips, mips64 } from "./unwind-mips.ts";
import { riscv, riscv64 } from "./unwind-riscv.ts";
import { x86 } from "./unwind-x86.ts";

/** The processors whose stacks can be walked. */
const architectures: ReadonlyMap<Cpu, Architecture> = new Map(
  [amd64, arm, arm64, loongarch64, mips, mips64, riscv, riscv64, x86].map((architecture) => [
    architecture.cpu,
    architecture,
  ]),
);

/** What unwinding has to know of a processor; undefined where its stacks are not walked. */
export function architectureOf(cpu: Cpu): Architecture | undefined {
  return architectures.get(cpu);
}
