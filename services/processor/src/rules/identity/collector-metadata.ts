import type { CollectorMetadata } from "@mayday/crash";
import { rule } from "../../rule.ts";
import { recordOf } from "../../values/json-records.ts";

/** Keeps what the collector said of the submission. */
export const collectorMetadata = rule({
  name: "CollectorMetadataRule",
  annotations: ["metadata"],
  writes: ["collector_metadata"],
  act({ raw, processed }) {
    processed.collector_metadata = recordOf(raw.metadata) as unknown as CollectorMetadata;
  },
});
