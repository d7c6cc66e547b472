// Runs a program of the project with the pinned Node: `node scripts/pinned.mjs FILE [ARGUMENT …]`.
import { ensurePackages, handOver } from "./machine.mjs";

ensurePackages();
handOver(process.argv.slice(2));
