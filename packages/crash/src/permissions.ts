/** What a viewer, or the holder of a token, can be allowed to do, and how people read it (Crash Stats' and Tecken's names). */
export const permissionTitles = {
  view_pii: "View Personal Identifiable Information",
  view_rawdump: "View Raw Dumps",
  reprocess_crashes: "Reprocess Crashes",
  run_custom_queries: "Run Custom Queries",
  upload_symbols: "Upload Symbols",
  upload_try_symbols: "Upload Try Symbols",
  manage_jobs: "Manage Jobs",
  manage_releases: "Manage Releases",
  manage_tokens: "Manage Tokens",
  manage_usage: "Manage Usage",
} as const;

export type Permission = keyof typeof permissionTitles;

export const permissions = Object.keys(permissionTitles) as [Permission, ...Permission[]];

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissionTitles, name);
}
