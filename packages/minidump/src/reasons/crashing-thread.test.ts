import { describe, expect, it } from "vitest";
import { synthMinidump } from "../synth/index.ts";
import { dumpOf } from "../test-support/dump-of.ts";
import { crashingThreadIndex } from "./crashing-thread.ts";

const threads = () => synthMinidump().thread({ id: 10 }).thread({ id: 20 }).thread({ id: 30 });

describe("crashingThreadIndex", () => {
  it("is the place of the exception's thread, whoever asked for the dump", () => {
    const synth = threads().exception({ code: 11, threadId: 20 }).breakpadInfo({ requestingThreadId: 30 });
    expect(crashingThreadIndex(dumpOf(synth))).toBe(1);
  });

  it("is the place of the thread that asked when nothing crashed", () => {
    const synth = threads().breakpadInfo({ requestingThreadId: 30, dumpThreadId: 10 });
    expect(crashingThreadIndex(dumpOf(synth))).toBe(2);
  });

  it("is undefined when no thread is named, or one that is not there", () => {
    expect(crashingThreadIndex(dumpOf(threads().breakpadInfo({ dumpThreadId: 10 })))).toBeUndefined();
    expect(crashingThreadIndex(dumpOf(threads().exception({ code: 11, threadId: 40 })))).toBeUndefined();
  });
});
