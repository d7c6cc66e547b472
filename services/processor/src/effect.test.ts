import type { ProcessedCrash } from "@mayday/crash";
import { expect, it } from "vitest";
import { effectOn } from "./effect.ts";

const frame = (name: string | null) => ({ frame: 0, function: name });
const crash = (signature: string, functions: readonly (string | null)[]): ProcessedCrash =>
  ({
    signature,
    json_dump: {
      crashing_thread: { threads_index: 1, frames: functions.slice(0, 1).map(frame) },
      threads: [{ frames: [frame("other")] }, { frames: functions.map(frame) }],
    },
  }) as ProcessedCrash;

it("a crash that was processed again tells its signatures and the frames of its crashing thread that have names", () => {
  expect(
    effectOn(crash("a.so@0x1", [null, null, "main"]), crash("brew", ["brew", "pour", "main", null])),
  ).toEqual({
    before: { signature: "a.so@0x1", frames: 3, named: 1 },
    after: { signature: "brew", frames: 4, named: 3 },
  });
});

it("a crash that was not processed before, or whose stack is not there, tells nothing", () => {
  expect(effectOn(undefined, crash("brew", ["brew"]))).toBeUndefined();
  expect(effectOn({ signature: "a" }, crash("brew", ["brew"]))).toBeUndefined();
  expect(effectOn(crash("a", ["b"]), crash("brew", []))).toBeUndefined();
  const odd = { json_dump: { crashing_thread: { threads_index: 7, frames: "x" }, threads: 3 } };
  expect(effectOn(odd as unknown as ProcessedCrash, crash("brew", ["brew"]))).toBeUndefined();
});
