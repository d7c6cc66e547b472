// What a fresh clone needs before the pinned Node can take over. Needs nothing but Node 20 and npm.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const modules = join(root, "node_modules");
const stamp = join(modules, ".mayday-lock");

/** Installs the npm packages unless those of this very package-lock.json are there. */
export function ensurePackages() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.log("installing npm packages (once) …");
  // Not `npm ci`: it insists on lock entries for the packages of every platform, which some registries do not have.
  // `--no-save` leaves package.json and the lock file as they are; versions are those of the lock file.
  run("npm", ["install", "--no-save", "--no-fund", "--no-audit", "--loglevel=error"]);
  writeFileSync(stamp, lock);
}

/** Makes sure of a redis-server, unless the environment names a Redis to use. */
export function ensureRedis({ url } = { url: process.env.REDIS_URL }) {
  if (url || isOnPath("redis-server")) return;
  const hint = "install redis-server (Debian, Ubuntu: apt-get install redis-server) or set REDIS_URL";
  if (!aptInstall("redis-server") || !isOnPath("redis-server")) {
    fail(`REDIS_MISSING: there is no redis-server on this machine and REDIS_URL is not set: ${hint}`);
  }
}

/** Tries to install a Debian package; says false where that is not possible. */
export function aptInstall(name) {
  if (process.getuid?.() !== 0 || !isOnPath("apt-get")) return false;
  console.log(`installing ${name} from the distribution (once) …`);
  // RUNLEVEL=1 keeps the package from starting a service of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const apt = (...args) =>
    spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "pipe"] }).status === 0;
  const install = () => apt("install", "-y", "--no-install-recommends", name);
  return install() || (apt("update") && install());
}

export function isOnPath(command) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, command)));
}

/** The environment in which commands find the pinned Node first. */
function pinnedEnvironment() {
  const path = [join(modules, ".bin"), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path };
}

/** Runs a program of the project with the pinned Node, hands signals on, and ends as it ends. */
export function handOver(args) {
  const node = join(modules, "node", "bin", "node");
  const child = spawn(node, args, { cwd: root, stdio: "inherit", env: pinnedEnvironment() });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // Whoever runs this may be killed, or be a shell that dies of a SIGTERM without handing it on: then the parent is another.
  // `npm start` has no shell in between (`exec`), which would outlive a killed npm.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500).unref();
  child.on("error", (error) => fail(`CONFIG_INVALID: the pinned Node does not start: ${error.message}`));
  child.on("exit", (code) => process.exit(code ?? 1));
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0)
    fail(`CONFIG_INVALID: \`${command} ${args.join(" ")}\` failed${error ? `: ${error.message}` : ""}`);
}

function fail(line) {
  console.error(line);
  process.exit(1);
}
