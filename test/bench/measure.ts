import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** A file of the shared real inputs; undefined where they are not. */
export function sharedFile(path: string): string | undefined {
  const file = join(process.env["MAYDAY_SHARED_DATA"] ?? join(repository, "../shared/data"), path);
  return existsSync(file) ? file : undefined;
}

export const fixture = (path: string) => join(repository, "fixtures", path);

/** Where a program is on the PATH or among cargo's; undefined where it is not. */
export function program(name: string): string | undefined {
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    join(process.env["HOME"] ?? "", ".cargo/bin"),
  ];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Median time of several runs, ms. */
export async function median(runs: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] as number;
}

/** Prints our figure, the other one, and how many times better ours is. */
export function compare(what: string, ours: number, other: string, theirs: number, unit: string): void {
  const better = unit.endsWith("/s") ? ours / theirs : theirs / ours;
  console.log(
    `  ${what}: ${ours.toFixed(1)} ${unit}; ${other}: ${theirs.toFixed(1)} ${unit}; ratio ${better.toFixed(2)}`,
  );
}

export function absent(what: string): void {
  console.log(`  absent here: ${what}`);
}
