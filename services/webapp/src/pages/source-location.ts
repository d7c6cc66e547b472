/** Where the source of a frame is, as people read it, and where it can be looked at. */
export interface SourceLocation {
  /** The folder, up to and with its last slash; often empty. */
  readonly folder: string;
  /** The file's own name, and the line when it is known: `x.cpp:48`. */
  readonly file: string;
  readonly href: string | undefined;
}

/**
 * Reads the file of a frame. dump_syms writes files under version control as `vcs:server/repository:path:revision`
 * (`hg:hg.mozilla.org/mozilla-central:js/src/x.cpp:e4b1…`, `git:github.com/rust-lang/rust:library/x.rs:3f1c…`,
 * `s3:bucket:<sha512>/generated/x.cpp:`); anything else is a path of the machine that built it.
 */
export function sourceLocation(file: string, line: number | undefined): SourceLocation | undefined {
  if (file === "") return undefined;
  const suffix = line === undefined ? "" : `:${line}`;
  const parts = file.split(":");
  if (parts.length !== 4) return { ...named(file + suffix), href: undefined };
  const [vcs, root, path, revision] = parts as [string, string, string, string];
  if (vcs === "s3") return { ...named(path.replace(/^[0-9a-f]{128}\//, "") + suffix), href: undefined };
  const slash = root.indexOf("/");
  const server = root.slice(0, Math.max(0, slash));
  const repository = root.slice(slash + 1);
  return { ...named(path + suffix), href: link(vcs, server, repository, path, revision, line) };
}

/** Windows' paths have backslashes, and sometimes both. */
function named(text: string) {
  const end = Math.max(text.lastIndexOf("/"), text.lastIndexOf("\\")) + 1;
  return { folder: text.slice(0, end), file: text.slice(end) };
}

/** Only servers that are known: the symbols' author must not choose where a reader is sent. */
function link(
  vcs: string,
  server: string,
  repository: string,
  path: string,
  revision: string,
  line: number | undefined,
): string | undefined {
  const [repo, file, rev] = [encodePath(repository), encodePath(path), encodePath(revision)];
  if (vcs === "hg" && server === "hg.mozilla.org") {
    return `https://hg.mozilla.org/${repo}/file/${rev}/${file}${line === undefined ? "" : `#l${line}`}`;
  }
  if (vcs === "git" && server === "github.com") {
    return `https://github.com/${repo}/blob/${rev}/${file}${line === undefined ? "" : `#L${line}`}`;
  }
  return undefined;
}

const encodePath = (path: string): string => path.toWellFormed().split("/").map(encodeURIComponent).join("/");
