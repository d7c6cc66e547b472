import { MOST_SEARCHES } from "@mayday/records";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { askerOf } from "../asker.ts";
import { address } from "../data/address.ts";
import type { Query } from "../data/ask.ts";
import { LONGEST_NAME, nameOfSearch, queryToSave } from "../data/saved-searches.ts";
import { usableFields, usableParameters } from "../data/search.ts";
import { messagePage } from "../pages/message-page.ts";
import type { WebappParts } from "../parts.ts";
import { formOf, ownAddress } from "./forms.ts";
import { sendPage } from "./send-page.ts";

declare module "fastify" {
  interface Session {
    /** What became of a search that was saved or deleted just now: the next page that lists them says it, once. */
    toldOfSearch?: string;
  }
}

/** Adds saving and deleting of searches. They are kept for who is logged in, and name an address: each look asks anew what may be seen. */
export function addSavedSearchRoutes(server: FastifyInstance, parts: WebappParts): void {
  const checked = { preHandler: server.csrfProtection };

  server.post("/search/saved/", checked, async (request, reply) => {
    const { viewer, name: ownerName, who } = await askerOf(request, parts);
    const form = formOf(request);
    const given: Query = [...new URLSearchParams(form.get("query") ?? "")];
    const parameters = usableParameters(given, usableFields(viewer));
    const shown = address("/search/", parameters);
    if (ownerName === undefined) return reply.redirect(address("/login/", [["next", shown]]), 303);
    const query = queryToSave(parameters);
    if (query === undefined) return refuse(reply, "/search/", "The search is longer than 8 KB.");
    const name = nameOfSearch(form.get("name") ?? "");
    if (name === undefined)
      return refuse(reply, shown, `A name has 1 to ${LONGEST_NAME} characters that can be seen.`);
    const isShared = form.get("shared") === "1";
    const outcome = await parts.records.searches.save({ owner: who, ownerName, name, query, isShared });
    if (outcome === "TOO_MANY")
      return refuse(reply, shown, `You have ${MOST_SEARCHES} saved searches already: delete one first.`);
    request.session.toldOfSearch =
      outcome === "saved"
        ? `Saved as “${name}”${isShared ? ", seen by everybody" : ""}.`
        : `“${name}” was there already: it is this search from now on, seen by ${isShared ? "everybody" : "you alone"}.`;
    return reply.redirect(`${address("/search/", [...new URLSearchParams(query)])}#saved`, 303);
  });

  server.post("/search/saved/delete/", checked, async (request, reply) => {
    const { name, who } = await askerOf(request, parts);
    const form = formOf(request);
    if (name !== undefined && (await parts.records.searches.remove(form.get("id") ?? "", who)))
      request.session.toldOfSearch = "The saved search is deleted.";
    return reply.redirect(ownAddress(form.get("next")), 303);
  });
}

function refuse(reply: FastifyReply, next: string, says: string): FastifyReply {
  return sendPage(
    reply,
    400,
    messagePage({ title: "The search was not saved", says, next, nextLabel: "Back to the search" }),
  );
}

/** What became of a search just now; it is told once. */
export function toldOfSearch({ session }: FastifyRequest): string | undefined {
  const { toldOfSearch: told } = session;
  delete session.toldOfSearch;
  return told;
}
