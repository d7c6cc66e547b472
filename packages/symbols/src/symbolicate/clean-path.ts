/** A place in a repository, as dumpers write it: `hg:hg.mozilla.org/mozilla-central:dom/a.cpp:0123abcd`. */
const REPOSITORY_PLACE = /^((?:hg|git|s3):[^:]*:)(.*)(:[^:]*)$/s;

/**
 * The path of a FILE record as the symbolication API tells it: without `.`, and without `..` where what it leaves is
 * known. Windows' paths, and those that mix the separators, get Windows' separators. Mozilla's service does so, too
 * (symbolic's `clean_path`); where that loses the root or the repository, as with `/a/../b.c`, it is kept here.
 * @returns undefined where nothing is left
 */
export function cleanPath(record: string): string | undefined {
  const path = record.trim();
  const place = REPOSITORY_PLACE.exec(path);
  if (place !== null) {
    const [, root = "", inside = "", revision = ""] = place;
    return `${root}${cleaned(inside, "/")}${revision}`;
  }
  // Rust's own sources, whose path dumpers leave as it is.
  if (/^\/rustc\/[^\\]*$/.test(path)) return path;
  return cleaned(path, separatorOf(path)) || undefined;
}

function separatorOf(path: string): "/" | "\\" {
  const isMixed = path.includes("/") && path.includes("\\");
  return isMixed || /^(?:[A-Za-z]:[/\\]|\\)/.test(path) ? "\\" : "/";
}

function cleaned(path: string, separator: string): string {
  const [, root = "", rest = ""] = /^((?:[A-Za-z]:)?[/\\]+|[a-z]+:\/\/\/?)?(.*)$/s.exec(path) ?? [];
  const kept: string[] = [];
  for (const part of rest.split(/[/\\]+/)) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (root === "") kept.push(part);
  }
  const start = /^[a-z]+:\/\//.test(root) ? root : root.replaceAll(/[/\\]/g, () => separator);
  return kept.length === 0 ? "" : start + kept.join(separator);
}
