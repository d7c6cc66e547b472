import { exactNumber } from "@mayday/crash";
import { describe, expect, it } from "vitest";
import { readSymbolicateRequest } from "./symbolicate-request.ts";

const job = { memoryMap: [["xul.pdb", "44E4EC8C2F41492B9369D6B9A059577C2"]], stacks: [[[0, 11_723_767]]] };

describe("a symbolication request", () => {
  it("may be several jobs, or one alone, and say more than is asked", () => {
    expect(readSymbolicateRequest({ jobs: [job, job], version: 5 })).toEqual([job, job]);
    expect(readSymbolicateRequest({ ...job, version: 5 })).toEqual([job]);
  });

  it("may have frames outside of modules, and modules without names", () => {
    const odd = { memoryMap: [["", ""]], stacks: [[[-1, -1]], []] };
    expect(readSymbolicateRequest(odd)).toEqual([odd]);
  });

  it("may have offsets that no double holds", () => {
    const frames = [
      [-1, exactNumber("1180591620717411303424")],
      [0, exactNumber("18446744073709551615")],
      [0, exactNumber("-0")],
    ];
    const [read] = readSymbolicateRequest({ ...job, stacks: [frames] });
    expect(read?.stacks).toEqual([
      [
        [-1, 1180591620717411303424n],
        [0, 18446744073709551615n],
        [0, 0],
      ],
    ]);
  });

  it.each([
    [null, "Payload is not valid JSON"],
    ["the jobs", "Payload is not valid JSON"],
    ["text", "job 0 is invalid"],
    [[], "job 0 is invalid"],
    [{ jobs: 5 }, "Payload is not valid JSON"],
    [{ jobs: { a: job } }, "job 0 is invalid"],
    [{ jobs: Array(11).fill(job) }, "please limit number of jobs in a single request to <= 10"],
    [{ jobs: [job, 7] }, "job 1 is invalid"],
    [{ memoryMap: [] }, "job 0 is invalid: no stacks specified"],
    [{ stacks: [] }, "job 0 is invalid: no memoryMap specified"],
    [{ ...job, memoryMap: {} }, "job 0 has invalid modules: modules must be a list"],
    [
      { ...job, memoryMap: [["a"]] },
      "job 0 has invalid modules: module index 0 does not have a debug_filename and debug_id",
    ],
    [
      {
        ...job,
        memoryMap: [
          ["a", "1"],
          ["a/b", "1"],
        ],
      },
      "job 0 has invalid modules: module index 1 has an invalid debug_filename",
    ],
    [
      { ...job, memoryMap: [["a", "xyz"]] },
      "job 0 has invalid modules: module index 0 has an invalid debug_id",
    ],
    [{ ...job, stacks: 1 }, "job 0 has invalid stacks: stacks must be a list of lists"],
    [{ ...job, stacks: [] }, "job 0 has invalid stacks: no stacks specified"],
    [{ ...job, stacks: [1] }, "job 0 has invalid stacks: stack 0 is not a list"],
    [{ ...job, stacks: [[[1]]] }, "job 0 has invalid stacks: stack 0 frame 0 is not a list of two items"],
    [
      { ...job, stacks: [[["0", 1]]] },
      "job 0 has invalid stacks: stack 0 frame 0 has an invalid module_index",
    ],
    [
      {
        ...job,
        stacks: [
          [
            [0, 0],
            [1, 1],
          ],
        ],
      },
      "job 0 has invalid stacks: stack 0 frame 1 has a module_index that isn't in modules",
    ],
    [
      { ...job, stacks: [[[-2, 0]]] },
      "job 0 has invalid stacks: stack 0 frame 0 has a module_index that isn't in modules",
    ],
    [
      { ...job, memoryMap: [["x".repeat(256), "1"]] },
      "job 0 has invalid modules: module index 0 has an invalid debug_filename",
    ],
    [
      { ...job, stacks: [[[0, exactNumber("18446744073709551616")]]] },
      "job 0 has invalid stacks: stack 0 frame 0 has an invalid module_offset",
    ],
    [
      { ...job, stacks: [[[0, exactNumber("1000.0")]]] },
      "job 0 has invalid stacks: stack 0 frame 0 has an invalid module_offset",
    ],
    [
      { ...job, stacks: [[[0, 1.5]]] },
      "job 0 has invalid stacks: stack 0 frame 0 has an invalid module_offset",
    ],
    [
      { ...job, stacks: [[[0, -2]]] },
      "job 0 has invalid stacks: stack 0 frame 0 has an invalid module_offset",
    ],
  ])("%j is refused in the service's words", (body, words) => {
    expect(() => readSymbolicateRequest(body, 10)).toThrow(
      expect.objectContaining({ code: "SYMBOLICATE_BAD_REQUEST", detail: words }),
    );
  });
});
