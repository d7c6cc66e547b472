// `npm test`: all that CI runs. Arguments go to Vitest: `npm test -- packages/symbols`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { aptInstall, ensurePackages, ensureRedis, handOver, isOnPath } from "./machine.mjs";

ensurePackages();
// The tests start, kill and restart a redis-server of their own, whatever REDIS_URL says.
ensureRedis({ url: undefined });
// Programs that tests run, by the Debian package that has them; where one cannot be had its tests say so.
const programs = {
  chromium: "chromium",
  promtool: "prometheus",
  "docker-compose": "docker-compose",
  kubectl: "kubernetes-client",
};
for (const [program, name] of Object.entries(programs)) if (!isOnPath(program)) aptInstall(name);
// PostgreSQL's server is not on the PATH, and Python's venv has no program.
if (!existsSync("/usr/lib/postgresql")) aptInstall("postgresql");
if (isOnPath("python3") && spawnSync("python3", ["-c", "import ensurepip"]).status !== 0)
  aptInstall("python3-venv");
handOver(["scripts/test.ts", ...process.argv.slice(2)]);
