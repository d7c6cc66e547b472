import { z } from "zod";
import { ratesOf } from "../rates/rates.ts";
import { badRequest, found, permissionNeeded } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

const text = z.string().max(100);
const row = z.object({
  product: text.min(1),
  version: text.default(""),
  channel: text.default(""),
  platform: text.default(""),
  day: z.iso.date(),
  hours: z.number().min(0).max(1e12),
  users: z.number().min(0).max(1e12).default(0),
});
const body = z.object({ usage: z.array(row).min(1).max(10_000) });

/** Tells how much products were used: `{"usage": [{product, version, channel, platform, day, hours, users}, …]}`. */
export const usage: Endpoint = {
  name: "Usage",
  says: "Tells how much products were used, by day; needs manage_usage.",
  method: "PUT",
  readsBody: true,
  bodyLimit: 4 * 1024 * 1024,
  async answer({ body: given, viewer }, { records }) {
    if (!viewer.has("manage_usage")) return permissionNeeded("manage_usage");
    const parsed = body.safeParse(jsonOf(given));
    if (!parsed.success) {
      const [problem] = parsed.error.issues;
      return badRequest("BadUsage", `${problem?.path.join(".") || "the body"}: ${problem?.message}`);
    }
    return found({ told: await records.usage.put(parsed.data.usage) });
  },
};

/** Crashes for each 1,000 hours of use, by signature. */
export const rates: Endpoint = {
  name: "Rates",
  says: "Crashes for each 1,000 hours of use, by signature, with the interval of 95 %. Unknown use is null, and its days are named.",
  example: "product=Firefox&source=ping",
  method: "GET",
  maxAge: 300,
  parameters: [
    { name: "product", says: "As `Firefox`.", isRequired: true },
    { name: "version", says: "As `153.0`; all together when absent." },
    { name: "channel", says: "As `beta`; all together when absent." },
    { name: "platform", says: "As `Windows NT`; all together when absent." },
    { name: "source", says: "What is counted; pings when absent.", choices: ["report", "ping"] },
    { name: "signature", says: "Of this one alone." },
    {
      name: "days",
      says: "Days that are over, 1 to 90; 7 when absent.",
      must: { match: /^(?:[1-9]|[1-8]\d|90)$/, says: "It must be from 1 to 90." },
    },
  ],
  async answer({ params }, parts) {
    const given = (name: string): string | undefined => params.get(name)?.trim() || undefined;
    const version = given("version");
    return found(
      await ratesOf(parts, {
        product: given("product") ?? "",
        versions: version === undefined ? [] : [version],
        channel: given("channel"),
        platform: given("platform"),
        source: given("source") === "report" ? "report" : "ping",
        signature: given("signature"),
        days: Number(given("days") ?? 7),
        size: 100,
      }),
    );
  },
};

function jsonOf(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}
