import { type Rule, text } from "../rule.ts";

/** Who distributes the build: `mozilla` where the client says that nobody else does. */
export const distributionId: Rule = {
  name: "DistributionId",
  act({ raw, processed }) {
    const environment = processed.telemetry_environment as
      | { partner?: { distributionId?: unknown } }
      | undefined;
    const partner = environment?.partner ?? undefined;
    const named = text(raw, "DistributionID") ?? partner?.distributionId;
    if (named === undefined && (partner === undefined || !Object.hasOwn(partner, "distributionId"))) {
      processed.distribution_id = "unknown";
    } else processed.distribution_id = named ? String(named) : "mozilla";
  },
};
