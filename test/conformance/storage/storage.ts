import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ensurePeers } from "../../peers.ts";
import { removal } from "./removal.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * The object store's suite on a file system, an S3 server and a GCS server, and the removal of 10,000 crashes from each;
 * installs the servers where Go is there.
 */
export async function storage(): Promise<boolean> {
  const hasServers = ensurePeers(["versitygw", "fake-gcs-server"]);
  const { status } = spawnSync("vitest", ["run", "packages/storage"], { cwd: repository, stdio: "inherit" });
  const isRemoved = await removal();
  return status === 0 && isRemoved && hasServers;
}
