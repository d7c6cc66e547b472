import { found } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** When signatures were seen first, and in which build. */
export const signatureFirstDate: Endpoint = {
  name: "SignatureFirstDate",
  says: "When signatures were seen first: signatures.",
  example: "signatures=OOM+%7C+small",
  method: "GET",
  parameters: [{ name: "signatures", says: "Signatures.", isRequired: true, isList: true }],
  maxAge: 300,
  async answer({ params }, { records }) {
    const signatures = params.getAll("signatures").filter((signature) => signature !== "");
    const hits = (await records.signatures.get(signatures)).map(({ signature, firstBuild, firstDate }) => ({
      signature,
      first_date: firstDate,
      first_build: firstBuild,
    }));
    return found({ hits, total: hits.length });
  },
};
