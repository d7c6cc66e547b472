import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Where programs of others are installed, once for all checkouts of a machine. */
export const peersFolder = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "mayday",
  "peers",
);

type Installer = "cargo" | "go" | "python3";

interface Peer {
  readonly installer: Installer;
  readonly version: string;
  /** Go: the program's import path; Python: more packages that go into the same environment. */
  readonly source?: string;
}

/** Programs that ours are compared with or run against, pinned, by the name of a program of theirs. */
const peers = {
  versitygw: { installer: "go", version: "1.8.0", source: "github.com/versity/versitygw/cmd/versitygw" },
  "fake-gcs-server": { installer: "go", version: "1.56.1", source: "github.com/fsouza/fake-gcs-server" },
  supersearch: {
    installer: "python3",
    version: "1",
    source: "crashstats-tools==2.1.0 siggen==2.2.20241029 symbolic==13.9.0",
  },
  "minidump-stackwalk": { installer: "cargo", version: "0.27.0" },
  dump_syms: { installer: "cargo", version: "2.3.9" },
} as const satisfies Readonly<Record<string, Peer>>;

type PeerName = keyof typeof peers;

export const peerNames = Object.keys(peers) as readonly PeerName[];

/** Those that are there within a minute: Rust's are built for several, and compare little without real dumps. */
export const quickPeerNames = peerNames.filter((name) => peers[name].installer !== "cargo");

/** Where Go and Rust put their programs when nobody has put them on the PATH. */
const usualPlaces = ["/usr/local/go/bin", join(homedir(), "go", "bin"), join(homedir(), ".cargo", "bin")];

/**
 * Makes sure of these programs and puts them on this process's PATH. One that is there already is used as it is; one
 * that cannot be installed costs a line.
 * @returns whether all of them are there
 */
export function ensurePeers(names: readonly PeerName[]): boolean {
  const folders = names
    .map((name) => folderOf(name) ?? install(name))
    .filter((folder) => folder !== undefined);
  putOnPath(folders);
  return folders.length === names.length;
}

/** Puts those on this process's PATH that are there. */
export function usePeers(): void {
  putOnPath(peerNames.map(folderOf).filter((folder) => folder !== undefined));
}

function putOnPath(folders: readonly string[]): void {
  process.env["PATH"] = [...new Set(folders), process.env["PATH"]].join(delimiter);
}

function folderOf(name: PeerName): string | undefined {
  const bin = join(home(name), "bin");
  return existsSync(join(bin, name)) ? bin : onPath(name);
}

function home(name: PeerName): string {
  return join(peersFolder, `${name}-${peers[name].version}`);
}

function onPath(program: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders, ...usualPlaces].find((folder) => existsSync(join(folder, program)));
}

/** The folder of the program, installed now; undefined, with a line that says why, where that cannot be. */
function install(name: PeerName): string | undefined {
  const peer: Peer = peers[name];
  const folder = home(name);
  const bin = join(folder, "bin");
  const tool = onPath(peer.installer);
  if (tool === undefined) return missing(name, `there is no ${peer.installer}`);
  console.log(`installing ${name} ${peer.source ?? peer.version} (once, it may take minutes) …`);
  mkdirSync(bin, { recursive: true });
  const isDone = installers[peer.installer](join(tool, peer.installer), name, peer, folder);
  return isDone && existsSync(join(bin, name)) ? bin : missing(name, `${peer.installer} failed`);
}

function missing(name: PeerName, reason: string): undefined {
  console.log(`not there: ${name} (${reason}); what is compared with it is skipped`);
}

type Install = (tool: string, name: PeerName, peer: Peer, folder: string) => boolean;

const installers: Readonly<Record<Installer, Install>> = {
  go: (go, _, { source, version }, folder) =>
    succeeds(go, ["install", `${source}@v${version}`], { GOBIN: join(folder, "bin") }),

  // Without link-time optimization the build takes a third of the time, and nobody times these programs' start.
  cargo: (cargo, name, { version }, folder) =>
    succeeds(cargo, ["install", "--quiet", "--locked", "--root", folder, "--version", version, name], {
      CARGO_PROFILE_RELEASE_LTO: "off",
    }),

  python3: (python, _, { source = "" }, folder) =>
    succeeds(python, ["-m", "venv", folder]) &&
    succeeds(join(folder, "bin", "pip"), ["install", "--quiet", ...source.split(" ")]),
};

function succeeds(command: string, args: readonly string[], settings: Record<string, string> = {}): boolean {
  const env = { ...process.env, ...settings };
  return spawnSync(command, args, { env, stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}
