import { describe, expect, it } from "vitest";
import { type SynthThread, synthMinidump } from "../synth/index.ts";
import { dumpOf } from "../test-support/dump-of.ts";
import { stackMemory } from "./stack-memory.ts";

const region = (base: bigint, length = 16) => ({ base, bytes: new Uint8Array(length) });

/** Base of the stack memory of a thread, in a dump that has 0x5000–0x5010 and 0x7000–0x7010 in its list. */
function stackBase(thread: SynthThread, stackPointer: bigint): bigint | undefined {
  const dump = dumpOf(synthMinidump().thread(thread).memory(region(0x5000n)).memory(region(0x7000n)));
  return stackMemory(dump, dump.threads[0]!, stackPointer)?.base;
}

describe("stackMemory", () => {
  it("is the memory that came with the thread when it holds the stack pointer", () => {
    expect(stackBase({ stack: region(0x6000n) }, 0x6008n)).toBe(0x6000n);
  });

  it("is the region where the stack starts when no bytes came with the thread", () => {
    expect(stackBase({ stackStart: 0x5000n }, 0x5008n)).toBe(0x5000n);
  });

  it("is the region that holds the stack pointer when the thread's own does not", () => {
    expect(stackBase({ stack: region(0x6000n) }, 0x7008n)).toBe(0x7000n);
    expect(stackBase({ stackStart: 0x5000n }, 0x7008n)).toBe(0x7000n);
    expect(stackBase({}, 0x7008n)).toBe(0x7000n);
  });

  it("is the thread's own when no memory holds the stack pointer", () => {
    expect(stackBase({ stack: region(0x6000n) }, 0x9000n)).toBe(0x6000n);
  });

  it("is undefined when the dump has none of them", () => {
    expect(stackBase({ stackStart: 0x8000n }, 0x9000n)).toBeUndefined();
  });
});
