const PREFIX = "ping-";

/** A ping's id in the index, where a crash has its crash id. */
export const pingIdOf = (documentId: string): string => `${PREFIX}${documentId}`;

/** The document id in a ping's id; undefined for the id of a crash. */
export const documentIdIn = (id: string): string | undefined =>
  id.startsWith(PREFIX) ? id.slice(PREFIX.length) : undefined;
