import type { BugLink } from "@mayday/records";
import type { WebappParts } from "../parts.ts";
import { badField, found } from "./answers.ts";
import type { Answer, Endpoint } from "./endpoint.ts";

/** Bugs of signatures, and all signatures of those bugs, as Crash Stats answers them: sorted by bug, then signature. */
export const bugs: Endpoint = {
  name: "Bugs",
  says: "Bugs filed for signatures, and all signatures of those bugs.",
  example: "signatures=OOM+%7C+small",
  method: "GET",
  takesPost: true,
  async answer({ params }, parts) {
    const signatures = params.getAll("signatures").filter((signature) => signature !== "");
    if (signatures.length === 0) return badField("signatures", "This field is required.");
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
  async answer({ params }, parts) {
    const ids = params.getAll("bug_ids").filter((id) => id !== "");
    if (ids.length === 0) return badField("bug_ids", "This field is required.");
    if (!ids.every((id) => /^\d{1,18}$/.test(id))) return badField("bug_ids", "Not a valid list of bug ids.");
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
