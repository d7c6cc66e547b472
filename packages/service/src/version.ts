import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What runs, in Dockerflow's words; what is not known is empty. */
export interface Version {
  /** Address of the repository. */
  readonly source: string;
  readonly version: string;
  /** The commit's hash. */
  readonly commit: string;
  /** Address of the build. */
  readonly build: string;
}

const GIT_LIMIT_MS = 5000;

/** From `version.json`, which whoever builds an image writes, else from package.json and, in a checkout, git. */
export function readVersion(root: string): Version {
  const written = readJson(join(root, "version.json"));
  const known = written ?? { ...readJson(join(root, "package.json")), ...fromGit(root) };
  const text = (name: keyof Version) => (typeof known[name] === "string" ? known[name] : "");
  return { source: text("source"), version: text("version"), commit: text("commit"), build: text("build") };
}

function readJson(file: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(readFileSync(file, "utf8"));
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}

function fromGit(root: string): Pick<Version, "source" | "commit"> {
  // Git would look in the folders above, which may be another project's.
  if (!existsSync(join(root, ".git"))) return { source: "", commit: "" };
  const commit = git(root, "rev-parse", "HEAD");
  return { source: withoutPassword(git(root, "config", "--get", "remote.origin.url")), commit };
}

function git(root: string, ...args: string[]): string {
  try {
    const stdio = ["ignore", "pipe", "ignore"] as ["ignore", "pipe", "ignore"];
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio, timeout: GIT_LIMIT_MS }).trim();
  } catch {
    return "";
  }
}

/** The address without who fetches there; a folder of this machine is nobody's business. */
function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return /^[\w.-]+@[\w.-]+:[^/]/.test(address) ? address : "";
  const url = new URL(address);
  if (url.protocol === "file:") return "";
  url.username = "";
  url.password = "";
  return url.href;
}
