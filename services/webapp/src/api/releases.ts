import { z } from "zod";
import { badRequest, found, permissionNeeded } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

const row = z.object({
  product: z.string().min(1).max(100),
  channel: z.string().min(1).max(100),
  build_id: z.string().regex(/^\d{1,20}$/, "digits"),
  version_string: z.string().min(1).max(100),
});
const body = z.object({ releases: z.array(row).min(1).max(10_000) });

/** Tells which builds were released: `{"releases": [{product, channel, build_id, version_string}, …]}`. */
export const releases: Endpoint = {
  name: "Releases",
  says: "Tells which builds were released; needs manage_releases.",
  method: "PUT",
  readsBody: true,
  bodyLimit: 4 * 1024 * 1024,
  async answer({ body: text, viewer }, { records }) {
    if (!viewer.has("manage_releases")) return permissionNeeded("manage_releases");
    const parsed = body.safeParse(jsonOf(text));
    if (!parsed.success) {
      const [problem] = parsed.error.issues;
      return badRequest("BadReleases", `${problem?.path.join(".") || "the body"}: ${problem?.message}`);
    }
    const told = parsed.data.releases.map((one) => ({
      product: one.product,
      channel: one.channel,
      buildId: one.build_id,
      version: one.version_string,
    }));
    return found({ added: await records.releases.add(told, "api"), known: told.length });
  },
};

/** The versions a build was released under. Of a beta's build that has a beta version candidates do not count. */
export const versionString: Endpoint = {
  name: "VersionString",
  says: "The versions of a build: product, channel, build_id.",
  method: "GET",
  parameters: [
    { name: "product", says: "As `Firefox`.", isRequired: true },
    { name: "channel", says: "As `beta`.", isRequired: true },
    { name: "build_id", says: "As `20261101000000`.", isRequired: true },
  ],
  maxAge: 300,
  async answer({ params }, { records }) {
    const [product = "", channel = "", buildId = ""] = ["product", "channel", "build_id"].map((name) =>
      params.get(name)?.trim(),
    );
    const versions = await records.releases.versionsOf(product, channel, buildId);
    const hits = versionsShown(versions, channel.toLowerCase()).map((version_string) => ({ version_string }));
    return found({ hits, total: hits.length });
  },
};

function versionsShown(versions: readonly string[], channel: string): readonly string[] {
  if (channel !== "aurora" && channel !== "beta") return versions;
  const isBeta = versions[0]?.includes("b") ?? false;
  return versions.filter((version) => version.includes("rc") !== isBeta);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
