import { rule } from "../../rule.ts";
import { crashingFrames } from "../../stack/crashing-frames.ts";
import { listOf, recordOf, stringOf } from "../../values/json-records.ts";

/** The topmost source file of the crashing stack, inlined calls first. */
export const topMostFiles = rule({
  name: "TopMostFilesRule",
  reads: ["json_dump"],
  writes: ["topmost_filenames"],
  act({ processed }) {
    for (const frame of crashingFrames(processed.json_dump)) {
      const { inlines, file } = recordOf(frame);
      const files = [...listOf(inlines).map((inline) => recordOf(inline)["file"]), file];
      const first = files.find((name) => stringOf(name));
      if (first === undefined) continue;
      processed.topmost_filenames = first as string;
      return;
    }
  },
});
