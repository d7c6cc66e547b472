// `npm start`: installs what is missing and brings the whole pipeline up.
import { ensurePackages, ensureRedis, handOver } from "./machine.mjs";

ensurePackages();
ensureRedis();
handOver(["services/cli/src/main.ts", "up", ...process.argv.slice(2)]);
