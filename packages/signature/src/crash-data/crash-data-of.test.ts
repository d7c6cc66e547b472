import { exactNumber } from "@mayday/crash";
import { expect, it } from "vitest";
import { crashDataOf } from "./crash-data-of.ts";

it("takes the stack, the reason and the system from json_dump and the rest from fields of its own", () => {
  const threads = [{ frames: [{ function: "main" }] }];
  const processed = {
    uuid: "not needed",
    reason: "not this one",
    oom_allocation_size: 12,
    hang: null,
    json_dump: { crash_info: { crashing_thread: 1, type: "SIGSEGV" }, system_info: { os: "Linux" }, threads },
  };
  expect(crashDataOf(processed)).toEqual({
    crashing_thread: 1,
    reason: "SIGSEGV",
    os: "Linux",
    threads,
    oom_allocation_size: 12,
    hang: null,
  });
});

it("makes do with a crash that has no json_dump", () => {
  expect(crashDataOf({ json_dump: null, abort_message: "x" })).toEqual({ threads: [], abort_message: "x" });
});

it("gives a number of more digits than JavaScript's have as text", () => {
  const processed = { json_dump: null, oom_allocation_size: exactNumber("9223372036854775807") };
  expect(crashDataOf(processed)).toMatchObject({ oom_allocation_size: "9223372036854775807" });
});
