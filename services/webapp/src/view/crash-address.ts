import { documentIdIn } from "@mayday/crash";

/** Where a found crash is looked at: a report by its crash id, a ping by its document id. */
export function crashAddress(uuid: unknown): string {
  const id = String(uuid ?? "");
  const documentId = documentIdIn(id);
  return documentId === undefined ? `/report/index/${id}` : `/ping/${documentId}`;
}

/** Enough of the id to tell crashes of a list apart. */
export const shortId = (uuid: string): string => (documentIdIn(uuid) ?? uuid).slice(0, 8);
