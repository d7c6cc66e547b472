import type { BugLink } from "@mayday/records";
import type { WebappParts } from "../parts.ts";
import { found } from "./answers.ts";
import type { Answer, Endpoint } from "./endpoint.ts";

/** Bugs of signatures, and all signatures of those bugs, as Crash Stats answers them: sorted by bug, then signature. */
export const bugs: Endpoint = {
  name: "Bugs",
  says: "Bugs filed for signatures, and all signatures of those bugs.",
  example: "signatures=OOM+%7C+small",
  method: "GET",
  takesPost: true,
  parameters: [{ name: "signatures", says: "Signatures.", isRequired: true, isList: true }],
  maxAge: 300,
  async answer({ params }, parts) {
    const signatures = params.getAll("signatures").filter((signature) => signature !== "");
    const links = await parts.records.bugs.bySignatures(signatures);
    return ofBugs(
      links.map(({ bug }) => bug),
      parts,
    );
  },
};

/** The signatures of bugs. */
export const signaturesByBugs: Endpoint = {
  name: "SignaturesByBugs",
  says: "The signatures that bugs name.",
  example: "bug_ids=1",
  method: "GET",
  parameters: [
    {
      name: "bug_ids",
      says: "Numbers of bugs.",
      isRequired: true,
      isList: true,
      must: { match: /^\d{1,18}$/, says: "Not a valid list of bug ids." },
    },
  ],
  maxAge: 300,
  async answer({ params }, parts) {
    const ids = params.getAll("bug_ids").filter((id) => id !== "");
    return ofBugs(ids, parts);
  },
};

async function ofBugs(ids: readonly string[], { records }: WebappParts): Promise<Answer> {
  const links = await records.bugs.byBugs(ids);
  const hits = links
    .map(({ bug, signature }: BugLink) => ({ id: Number(bug), signature }))
    .sort((a, b) => a.id - b.id || (a.signature < b.signature ? -1 : 1));
  return found({ hits, total: hits.length });
}
