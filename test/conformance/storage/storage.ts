import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { removal } from "./removal.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
/** Where the storage package's tests look for them. */
const folder = join(repository, "node_modules/.servers");

/** An S3 and a GCS server, pinned. */
const servers = {
  versitygw: "github.com/versity/versitygw/cmd/versitygw@v1.8.0",
  "fake-gcs-server": "github.com/fsouza/fake-gcs-server@v1.56.1",
};

/**
 * The object store's suite on a file system, an S3 server and a GCS server, and the removal of 10,000 crashes from each;
 * installs the servers where Go is there.
 */
export async function storage(): Promise<boolean> {
  const installed = Object.entries(servers).map(([name, source]) => install(name, source));
  const { status } = spawnSync("vitest", ["run", "packages/storage"], { cwd: repository, stdio: "inherit" });
  const isRemoved = await removal();
  return status === 0 && isRemoved && installed.every(Boolean);
}

function install(name: string, source: string): boolean {
  if (existsSync(join(folder, name))) return true;
  console.log(`installing ${source} (once) …`);
  const { status, error } = spawnSync("go", ["install", source], {
    env: { ...process.env, GOBIN: folder },
    stdio: "inherit",
  });
  if (status === 0) return true;
  console.error(
    `${name} cannot be installed: ${error?.message ?? "go install failed"}; its tests are skipped`,
  );
  return false;
}
