import type { Random } from "./random.ts";

/** A user's machine, as a processed crash tells of it. */
export interface Machine {
  readonly os_name: string;
  readonly os_version: string;
  readonly os_pretty_version: string;
  readonly cpu_arch: string;
  readonly cpu_info: string;
  readonly cpu_count: number;
  readonly adapter_vendor_id: string;
}

const systems: readonly (readonly [
  system: readonly [name: string, version: string, pretty: string],
  weight: number,
])[] = [
  [["Windows NT", "10.0.26100", "Windows 11"], 48],
  [["Windows NT", "10.0.19045", "Windows 10"], 28],
  [["Windows NT", "6.1.7601", "Windows 7"], 2],
  [["Mac OS X", "15.7.1 24G231", "macOS 15"], 9],
  [["Mac OS X", "26.1.0 25B78", "macOS 26"], 4],
  [["Linux", "6.8.0-47-generic", "Ubuntu 24.04.1 LTS"], 6],
  [["Linux", "6.1.0-28-amd64", "Debian GNU/Linux 12 (bookworm)"], 3],
];
const androids: readonly (readonly [readonly [string, string, string], number])[] = [
  [["Android", "35", "Android 35"], 5],
  [["Android", "34", "Android 34"], 4],
  [["Android", "31", "Android 31"], 2],
];

/** A machine with one of these systems; with any where none is named. */
export function machine(random: Random, platforms: readonly string[] | undefined): Machine {
  const allowed = [...systems, ...androids].filter(([[name]]) =>
    platforms === undefined ? name !== "Android" : platforms.includes(name),
  );
  const [os_name, os_version, os_pretty_version] = random.weighted(allowed);
  const isArm = os_name === "Android" || (os_name === "Mac OS X" && random.chance(0.8));
  return {
    os_name,
    os_version,
    os_pretty_version,
    cpu_arch: isArm ? "arm64" : "amd64",
    cpu_info: isArm
      ? "unknown"
      : random.pick(["family 6 model 154 stepping 3", "family 25 model 33 stepping 2"]),
    cpu_count: random.pick([4, 8, 12, 16, 24]),
    adapter_vendor_id: random.weighted([
      ["0x8086", 52],
      ["0x10de", 27],
      ["0x1002", 21],
    ]),
  };
}
