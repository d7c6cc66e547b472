import { type Permission, permissionTitles } from "@mayday/crash";

/** What the viewer of a request may do. */
export type Viewer = ReadonlySet<Permission>;

/** A viewer who may see what is public and do nothing. */
export const nobody: Viewer = new Set();

/** The permission as people read it. */
export function permissionTitle(permission: Permission): string {
  return permissionTitles[permission];
}

/** Whether the viewer holds all of a field's permissions, written as the search fields have them (`crashstats.view_pii`). */
export function holdsAll(viewer: Viewer, needed: readonly string[]): boolean {
  return needed.every((name) => viewer.has(name.replace(/^crashstats\./, "") as Permission));
}

/** Where a request comes from, as it says: the `Origin` that browsers send along when a page of another origin asks, and `Host`. */
interface RequestSource {
  readonly origin: string | undefined;
  readonly host: string;
}

/** What the viewers of a webapp may do, and the host names under which it is theirs. */
export interface Grant {
  readonly permissions: Viewer;
  /** Names besides the loopback's, in small letters, without a port. */
  readonly hosts: readonly string[];
}

/**
 * The viewer behind a request. Permissions belong to whoever can reach the webapp, and the API is open to pages of
 * other origins: such a page, opened in the browser of somebody who can reach the webapp, acts as nobody. So does a page
 * whose own name was made to lead to the webapp (DNS rebinding): it asks without an `Origin`, or with one that fits.
 */
export function viewerOf(source: RequestSource, { permissions, hosts }: Grant): Viewer {
  return isOwnPage(source) && isKnownHost(source.host, hosts) ? permissions : nobody;
}

/** Whether a request comes from a page of the webapp itself, or from no page. */
export function isOwnPage({ origin, host }: RequestSource): boolean {
  return origin === undefined || hostOf(origin) === host;
}

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** Whether a `Host` is a name of the loopback or of `hosts`, with any port. */
export function isKnownHost(host: string, hosts: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/:\d*$/, "");
  return LOOPBACK_NAMES.includes(name) || hosts.includes(name);
}

/** The host and port of an origin; undefined for `null`, the origin of pages that have none. */
function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
}
