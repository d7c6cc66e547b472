// `npm test`: all that CI runs. Arguments go to Vitest: `npm test -- packages/symbols`.
import { aptInstall, ensurePackages, ensureRedis, handOver, isOnPath } from "./machine.mjs";

ensurePackages();
ensureRedis();
// The pages are looked at in a real browser; where there is none the tests that need it say so.
if (!isOnPath("chromium")) aptInstall("chromium");
handOver(["scripts/test.ts", ...process.argv.slice(2)]);
