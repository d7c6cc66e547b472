import { globSync, readFileSync } from "node:fs";

const BEGIN = "<!-- The house, drawn from its imports by `npm run gen`. -->";
const END = "<!-- End of the house. -->";

interface Room {
  /** Such as `packages/crash`. */
  readonly path: string;
  readonly name: string;
  readonly uses: ReadonlySet<string>;
}

/** ARCHITECTURE.md with its picture of packages and services drawn anew from what they import. */
export function architecturePage(): string {
  const page = readFileSync("ARCHITECTURE.md", "utf8");
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < 0) throw new Error("ARCHITECTURE.md lacks the marks between which the house is drawn");
  return `${page.slice(0, from)}${BEGIN}\n\n${drawn(rooms())}\n\n${page.slice(to)}`;
}

/** What tests and their support import does not count. */
function rooms(): Room[] {
  return globSync("{packages,services}/*/package.json")
    .sort()
    .map((manifest) => {
      const path = manifest.slice(0, -"/package.json".length);
      const name = nameIn(manifest);
      const files = globSync(`${path}/src/**/*.ts`).filter(
        (file) => !/\.test\.ts$|\/test-support\//.test(file),
      );
      const uses = new Set(files.flatMap(importedBy));
      uses.delete(name);
      return { path, name, uses };
    });
}

function nameIn(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, "utf8")) as { name: string }).name;
}

function importedBy(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return Array.from(text.matchAll(/from "(@mayday\/[a-z-]+)/g), (match) => match[1] ?? "");
}

/**
 * A mermaid graph. An arrow that others imply is left out: who imports `queue` may import `crash` through it as well, and
 * a picture of every import shows nothing.
 */
function drawn(all: readonly Room[]): string {
  const byName = new Map(all.map((room) => [room.name, room]));
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const next of byName.get(from)?.uses ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      reach(next, seen);
    }
    return seen;
  };
  const group = (folder: string) =>
    all.filter(({ path }) => path.startsWith(folder)).map((room) => `    ${idOf(room)}["${labelOf(room)}"]`);
  const arrows = all.flatMap((room) => {
    const implied = new Set([...room.uses].flatMap((used) => [...reach(used)]));
    return [...room.uses]
      .filter((used) => !implied.has(used))
      .sort()
      .flatMap((used) => {
        const target = byName.get(used);
        return target === undefined ? [] : [`  ${idOf(room)} --> ${idOf(target)}`];
      });
  });
  return [
    "```mermaid",
    "graph TD",
    "  subgraph services",
    ...group("services/"),
    "  end",
    "  subgraph packages",
    ...group("packages/"),
    "  end",
    ...arrows,
    "```",
  ].join("\n");
}

function idOf({ path }: Room): string {
  return path.replace(/\W/g, "_");
}

function labelOf({ path }: Room): string {
  return path.split("/")[1] ?? path;
}
