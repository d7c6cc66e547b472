/**
 * The path of a source file as symbol files have it: from `vcs:root:path:revision` the path; from `x:path`, a
 * Windows drive mostly, what follows the colon; an absolute path as it is. Undefined for anything else, relative
 * paths among them. (These are the cases Socorro tells apart: they decide which functions are taken for Rust.)
 */
export function sourcePath(file: string): string | undefined {
  const parts = file.split(":", 5);
  if (parts.length === 4) return parts[2];
  if (file.startsWith("/")) return file;
  return parts.length === 2 ? parts[1] : undefined;
}

/** A path's last part. A path with a backslash is a Windows path; slashes at its end do not count. */
export function lastPathPart(path: string): string {
  let end = path.length;
  while (end > 0 && (path[end - 1] === "/" || path[end - 1] === "\\")) end--;
  const trimmed = path.slice(0, end);
  const separator = trimmed.includes("\\") ? "\\" : "/";
  return trimmed.slice(trimmed.lastIndexOf(separator) + 1);
}
