import { rule } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";
import { recordOf } from "../../values/json-records.ts";

/**
 * Who distributes the build: by the annotation, else by Telemetry's environment, where null says that nobody but Mozilla
 * does; `unknown` where neither says.
 */
export const distributionId = rule({
  name: "DistributionIdRule",
  annotations: ["DistributionID", "TelemetryEnvironment"],
  writes: ["distribution_id"],
  act({ raw, processed }) {
    processed.distribution_id = annotationText(raw.DistributionID) || ofEnvironment(raw.TelemetryEnvironment);
  },
});

function ofEnvironment(environment: unknown): string {
  const partner = recordOf(recordOf(parsed(environment))["partner"]);
  if (!Object.hasOwn(partner, "distributionId")) return "unknown";
  const { distributionId: id } = partner;
  return id ? (annotationText(id) ?? "unknown") : "mozilla";
}

function parsed(environment: unknown): unknown {
  if (typeof environment !== "string") return environment;
  try {
    return JSON.parse(environment);
  } catch {
    return undefined;
  }
}
