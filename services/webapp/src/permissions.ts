/** What a viewer can be allowed to do, and how Crash Stats calls it. */
const names = {
  view_pii: "View Personal Identifiable Information",
  view_rawdump: "View Raw Dumps",
  reprocess_crashes: "Reprocess Crashes",
} as const;

export type Permission = keyof typeof names;

/** What the viewer of a request may do. */
export type Viewer = ReadonlySet<Permission>;

export const permissionNames = Object.keys(names) as [Permission, ...Permission[]];

/** A viewer who may see what is public and do nothing. */
export const nobody: Viewer = new Set();

/** The permission as people read it. */
export function permissionTitle(permission: Permission): string {
  return names[permission];
}

/** Whether the viewer holds all of a field's permissions, written as the search fields have them (`crashstats.view_pii`). */
export function holdsAll(viewer: Viewer, needed: readonly string[]): boolean {
  return needed.every((name) => viewer.has(name.replace(/^crashstats\./, "") as Permission));
}

/**
 * The viewer behind a request. Permissions belong to whoever can reach the webapp, and the API is open to pages of
 * other origins: such a page, opened in the browser of somebody who can reach the webapp, acts as nobody.
 * @param origin the request's `Origin`, which browsers send along when a page of another origin asks or posts
 * @param host the request's `Host`
 */
export function viewerOf(
  request: { readonly origin: string | undefined; readonly host: string },
  granted: Viewer,
): Viewer {
  return request.origin === undefined || hostOf(request.origin) === request.host ? granted : nobody;
}

/** The host and port of an origin; undefined for `null`, the origin of pages that have none. */
function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
}
