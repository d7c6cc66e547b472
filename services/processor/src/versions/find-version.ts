/**
 * Finds the version under which a build was released: betas and release candidates name themselves by the version of
 * the release they lead to. Undefined for a build that nobody knows.
 * @param channel in lower case
 */
export type FindVersion = (product: string, channel: string, buildId: string) => Promise<string | undefined>;
