/** Where the source of a frame is, as people read it, and where it can be looked at. */
export interface SourceLocation {
  /** The folder, up to and with its last slash; often empty. */
  readonly folder: string;
  /** The file's own name, and the line when it is known: `x.cpp:48`. */
  readonly file: string;
  readonly href: string | undefined;
}

/**
 * Where sources of a server are looked at: an address with `{repository}`, `{path}`, `{revision}` and `{line}`, by the
 * server's name as symbols have it (`gitlab.example.com`; `s3:bucket` for generated files).
 */
export type SourceLinks = ReadonlyMap<string, string>;

/** Servers that everybody knows. */
const known: SourceLinks = new Map([
  ["hg:hg.mozilla.org", "https://hg.mozilla.org/{repository}/file/{revision}/{path}#l{line}"],
  ["git:github.com", "https://github.com/{repository}/blob/{revision}/{path}#L{line}"],
  ["git:gitlab.com", "https://gitlab.com/{repository}/-/blob/{revision}/{path}#L{line}"],
  ["s3:gecko-generated-sources", "https://gecko-generated-sources.s3.amazonaws.com/{path}"],
]);

/**
 * Reads the file of a frame. dump_syms writes files under version control as `vcs:server/repository:path:revision`
 * (`hg:hg.mozilla.org/mozilla-central:js/src/x.cpp:e4b1…`, `git:github.com/rust-lang/rust:library/x.rs:3f1c…`,
 * `s3:bucket:<sha512>/generated/x.cpp:`); anything else is a path of the machine that built it.
 * @param links where sources of further servers are looked at
 */
export function sourceLocation(
  file: string,
  line: number | undefined,
  links: SourceLinks = known,
): SourceLocation | undefined {
  if (file === "") return undefined;
  const suffix = line === undefined ? "" : `:${line}`;
  const parts = file.split(":");
  if (parts.length !== 4) return { ...named(file + suffix), href: undefined };
  const [vcs, root, path, revision] = parts as [string, string, string, string];
  const slash = root.indexOf("/");
  const server = vcs === "s3" ? root : root.slice(0, Math.max(0, slash));
  // Only servers that are known: the symbols' author must not choose where a reader is sent.
  const template = [`${vcs}:${server}`, server].flatMap(
    (name) => links.get(name) ?? known.get(name) ?? [],
  )[0];
  const href = template && filled(template, { repository: root.slice(slash + 1), path, revision, line });
  const shown = vcs === "s3" ? path.replace(/^[0-9a-f]{128}\//, "") : path;
  return { ...named(shown + suffix), href };
}

/** Windows' paths have backslashes, and sometimes both. */
function named(text: string) {
  const end = Math.max(text.lastIndexOf("/"), text.lastIndexOf("\\")) + 1;
  return { folder: text.slice(0, end), file: text.slice(end) };
}

interface Place {
  readonly repository: string;
  readonly path: string;
  readonly revision: string;
  readonly line: number | undefined;
}

/** The template's address; without a line it has no fragment. */
function filled(template: string, place: Place): string {
  const whole = place.line === undefined ? template.replace(/#.*$/, "") : template;
  return whole.replaceAll(/\{(repository|path|revision|line)\}/g, (_, name: keyof Place) =>
    encodePath(String(place[name] ?? "")),
  );
}

/** A page has thousands of paths, and nearly all are plain: to take those apart would be most of the page's work. */
const encodePath = (path: string): string =>
  /^[\w./-]*$/.test(path) ? path : path.toWellFormed().split("/").map(encodeURIComponent).join("/");
