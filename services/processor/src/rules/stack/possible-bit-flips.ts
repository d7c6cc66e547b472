import { isExactNumber } from "@mayday/crash";
import { rule } from "../../rule.ts";
import { listOf, recordOf } from "../../values/json-records.ts";

/** How likely a single flipped bit explains the crash, in percent: bad memory, and no fault of the program. */
export const possibleBitFlips = rule({
  name: "PossibleBitFlipsRule",
  reads: ["json_dump"],
  writes: ["possible_bit_flips_max_confidence"],
  act({ processed }) {
    const flips = listOf(recordOf(processed.json_dump?.crash_info)["possible_bit_flips"]);
    const confidences = flips.flatMap((flip) => {
      const { confidence } = recordOf(flip);
      if (isExactNumber(confidence)) return [Number(confidence.rawJSON)];
      return typeof confidence === "number" ? [confidence] : [];
    });
    // Cut, not rounded: 0.29 is 28.
    if (confidences.length > 0)
      processed.possible_bit_flips_max_confidence = Math.trunc(Math.max(...confidences) * 100);
  },
});
