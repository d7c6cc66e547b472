#!/usr/bin/env node
// Runs the command with the Node that the project pins, whatever Node started this file.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url);
const node = fileURLToPath(new URL("node_modules/node/bin/node", root));
const main = fileURLToPath(new URL("services/cli/src/main.ts", root));
const { status, error } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
if (error) {
  console.error(
    `CONFIG_INVALID: the pinned Node is missing (${error.code}); run npm start or npm test in ${fileURLToPath(root)}`,
  );
}
process.exit(status ?? 1);
