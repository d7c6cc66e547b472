import type { ByteReader } from "../byte-reader.ts";
import type { Cpu } from "../cpu-and-os.ts";
import { readAmd64Context } from "./amd64.ts";
import type { CpuContext } from "./cpu-context.ts";

/**
 * Decodes a thread's context record for the processor the dump names. undefined when the record is damaged or
 * the processor is not one this package reads.
 */
export function readCpuContext(cpu: Cpu, record: ByteReader): CpuContext | undefined {
  if (cpu === "amd64") return readAmd64Context(record);
  return undefined;
}
