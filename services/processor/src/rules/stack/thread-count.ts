import { rule } from "../../rule.ts";

export const threadCount = rule({
  name: "ThreadCountRule",
  reads: ["json_dump"],
  writes: ["thread_count"],
  act({ processed }) {
    const count = processed.json_dump?.thread_count;
    processed.thread_count = typeof count === "number" ? count : null;
  },
});
