import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./stage.ts";

/**
 * Puts an earlier commit, ready to run, into `folder`. Its packages of npm are this checkout's where both lock the same
 * ones, else they are installed.
 * @throws when git does not know the commit
 */
export function checkOut(commit: string, folder: string): void {
  mkdirSync(folder);
  const archive = execFileSync("git", ["archive", "--format=tar", commit], {
    cwd: repository,
    maxBuffer: 2 ** 30,
  });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  const locked = (checkout: string) => readFileSync(join(checkout, "package-lock.json"), "utf8");
  if (locked(folder) !== locked(repository)) {
    execFileSync("npm", ["ci", "--omit=dev", "--no-audit", "--no-fund"], { cwd: folder, stdio: "ignore" });
    return;
  }
  for (const below of ["", ...workspaces(folder)]) linkPackages(join(repository, below), join(folder, below));
}

function workspaces(folder: string): string[] {
  return ["packages", "services"].flatMap((kind) =>
    readdirSync(join(folder, kind)).map((name) => join(kind, name)),
  );
}

/** The project's own packages are the earlier commit's: npm's links to them lead to where they are linked from. */
function linkPackages(from: string, to: string): void {
  if (!existsSync(join(from, "node_modules"))) return;
  mkdirSync(join(to, "node_modules"));
  for (const name of readdirSync(join(from, "node_modules"))) {
    if (name !== "@mayday") symlinkSync(join(from, "node_modules", name), join(to, "node_modules", name));
  }
  if (!existsSync(join(from, "node_modules/@mayday"))) return;
  mkdirSync(join(to, "node_modules/@mayday"));
  for (const name of readdirSync(join(from, "node_modules/@mayday"))) {
    const place = ["packages", "services"]
      .map((kind) => join(to, kind, name))
      .find((path) => existsSync(path));
    if (place !== undefined) symlinkSync(place, join(to, "node_modules/@mayday", name));
  }
}
