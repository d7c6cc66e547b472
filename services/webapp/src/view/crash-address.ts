/** Where a found crash is looked at: a report by its crash id, a ping by its document id. */
export function crashAddress(uuid: unknown): string {
  const id = String(uuid ?? "");
  return id.startsWith("ping-") ? `/ping/${id.slice("ping-".length)}` : `/report/index/${id}`;
}

/** Enough of the id to tell crashes of a list apart. */
export const shortId = (uuid: string): string => uuid.replace(/^ping-/, "").slice(0, 8);
