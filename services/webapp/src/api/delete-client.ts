import { DELETIONS } from "@mayday/queue";
import { badField, found, permissionNeeded } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** Has all that is stored of a client deleted: `client_id`. The scheduler does it within a minute. */
export const deleteClient: Endpoint = {
  name: "DeleteClient",
  says: "Has a client's crashes and pings deleted: client_id; needs manage_jobs.",
  method: "POST",
  parameters: [{ name: "client_id", says: "The client's UUID.", isRequired: true }],
  async answer({ params, viewer, who }, { notebook, records, now }) {
    if (!viewer.has("manage_jobs")) return permissionNeeded("manage_jobs");
    const clientId = params.get("client_id")?.trim() ?? "";
    if (!UUID.test(clientId)) return badField("client_id", "It must be a UUID.");
    // The line first: nothing is deleted of which it is not known who asked. It does not tell whose.
    await records.audit.add({ who, what: "data deletion", target: "a client" });
    await notebook.write(DELETIONS, { [clientId]: String(now().getTime()) });
    return found({ asked: true });
  },
};

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
