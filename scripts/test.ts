import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ensureOpenSearch } from "../packages/search/src/test-support/opensearch-server.ts";
import { ensurePeers, peerNames, quickPeerNames, usePeers } from "../test/peers.ts";
import { checks } from "./check.ts";
import { runSteps } from "./steps.ts";

const selected = process.argv.slice(2);
const isWhole = selected.length === 0;
if (isWhole && !runSteps(checks)) process.exit(1);
const hasShared = existsSync(fileURLToPath(new URL("../../shared/data", import.meta.url)));
if (isWhole) {
  const hasPrograms = ensurePeers(hasShared ? peerNames : quickPeerNames);
  const hasPeers = ensureOpenSearch() && hasPrograms;
  // With all that a comparison needs, one that is skipped is one that somebody lost.
  if (hasShared && hasPeers) process.env["MAYDAY_SKIPS_FAIL"] = "yes";
} else usePeers();
const { status } = spawnSync("vitest", ["run", ...selected], { stdio: "inherit" });
process.exit(status ?? 1);
