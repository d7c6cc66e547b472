import { found } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** Signatures that are new, rising or gone, by the last full day. */
export const trends: Endpoint = {
  name: "Trends",
  says: "Signatures that are new, rising or gone by the last full day, against the same weekday of the eight weeks before; the largest first.",
  example: "product=Firefox&source=ping",
  method: "GET",
  maxAge: 300,
  parameters: [
    { name: "product", says: "As `Firefox`; all when absent." },
    { name: "source", says: "What is counted; both when absent.", choices: ["report", "ping"] },
    { name: "signatures", says: "Of these alone.", isList: true },
  ],
  async answer({ params }, { records }) {
    const source = params.get("source");
    const signatures = params.getAll("signatures").filter((signature) => signature !== "");
    const trends = await records.trends.list({
      product: params.get("product")?.trim() || undefined,
      source: source === "report" || source === "ping" ? source : undefined,
      signatures: signatures.length === 0 ? undefined : signatures,
    });
    return found({ trends });
  },
};
