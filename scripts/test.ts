import { spawnSync } from "node:child_process";
import { checks } from "./check.ts";
import { runSteps } from "./steps.ts";

const selected = process.argv.slice(2);
if (selected.length === 0 && !runSteps(checks)) process.exit(1);
const { status } = spawnSync("vitest", ["run", ...selected], { stdio: "inherit" });
process.exit(status ?? 1);
