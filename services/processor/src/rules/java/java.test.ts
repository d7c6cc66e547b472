import { expect, it } from "vitest";
import { run } from "../../test-support/process.ts";

it.each([
  ["a.B: secret\n\tat x.y(Z.java:1)\n\tat x.z(Z.java:2)", "a.B\n\tat x.y(Z.java:1)\n\tat x.z(Z.java:2)"],
  ["a.B: secret\nsecret\n secret\n\tat x.y(Z.java:1)\n", "a.B\n\tat x.y(Z.java:1)"],
  [
    "a.B: secret\n\tat x.y(Z.java:1)\nCaused by: c.D: secret\n\tat q.r(S.java:2)\n\t... 3 more",
    "a.B\n\tat x.y(Z.java:1)",
  ],
  [
    "a.B: secret\n\tat x.y(Z.java:1)\n\tSuppressed: c.D: secret\n\t\tat q.r(S.java:2)",
    "a.B\n\tat x.y(Z.java:1)",
  ],
  ["a.B: secret\u001csecret\n\tat x.y(Z.java:1)", "a.B\n\tat x.y(Z.java:1)"],
  ["a.B", "a.B\n"],
])("a Java stack is shown without its messages: %j", async (trace, shown) => {
  const { processed } = await run({ JavaStackTrace: trace });
  expect(processed).toMatchObject({ java_stack_trace: shown, java_stack_trace_raw: trace });
});

it("a Java stack that cannot be read is shown as such", async () => {
  const { processed, notes } = await run({ JavaStackTrace: "a.B: c\n\tat x.y(Z.java:1)\n  at secret" });
  expect(processed.java_stack_trace).toBe("malformed");
  expect(notes).toContain("JavaStackTrace: malformed JavaStackTrace");
});
