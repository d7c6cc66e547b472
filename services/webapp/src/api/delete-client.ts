import { badField, found, permissionNeeded } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** Has all that is stored of a client deleted: `client_id`. The scheduler does it within a minute. */
export const deleteClient: Endpoint = {
  name: "DeleteClient",
  says: "Has a client's crashes and pings deleted: client_id; needs manage_jobs.",
  method: "POST",
  parameters: [{ name: "client_id", says: "The client's UUID.", isRequired: true }],
  async answer({ params, viewer, who }, { records }) {
    if (!viewer.has("manage_jobs")) return permissionNeeded("manage_jobs");
    const clientId = params.get("client_id")?.trim() ?? "";
    if (!UUID.test(clientId)) return badField("client_id", "It must be a UUID.");
    // The line first: nothing is deleted of which it is not known who asked. It does not tell whose.
    await records.audit.add({ who, what: "data deletion", target: "a client" });
    await records.deletions.ask(clientId, who);
    return found({ asked: true });
  },
};

/** Tells what became of such requests. Of whom one was it tells only to who knows. */
export const deletions: Endpoint = {
  name: "Deletions",
  says: "Requests that a client's data is deleted: who asked, when, what was removed; needs manage_jobs.",
  method: "GET",
  parameters: [{ name: "client_id", says: "Those of one client; without it the newest hundred." }],
  async answer({ params, viewer }, { records }) {
    if (!viewer.has("manage_jobs")) return permissionNeeded("manage_jobs");
    const clientId = params.get("client_id")?.trim();
    if (clientId !== undefined && !UUID.test(clientId)) return badField("client_id", "It must be a UUID.");
    const listed = await records.deletions.list(clientId === undefined ? {} : { clientId });
    const hits = listed.map(({ clientHash, who, asked, done, crashes, pings }) => ({
      client_sha256: clientHash,
      who,
      asked: asked.toISOString(),
      done: done?.toISOString() ?? null,
      crashes,
      pings,
    }));
    return found({ hits, total: hits.length });
  },
};

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
