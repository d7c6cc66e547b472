// `npm test`: all that CI runs. Arguments go to Vitest: `npm test -- packages/symbols`.
import { existsSync } from "node:fs";
import { aptInstall, ensurePackages, ensureRedis, handOver, isOnPath } from "./machine.mjs";

ensurePackages();
// The tests start, kill and restart a redis-server of their own, whatever REDIS_URL says.
ensureRedis({ url: undefined });
// The pages are looked at in a real browser; where there is none the tests that need it say so.
if (!isOnPath("chromium")) aptInstall("chromium");
// The records are kept in it where there are several machines.
if (!existsSync("/usr/lib/postgresql")) aptInstall("postgresql");
handOver(["scripts/test.ts", ...process.argv.slice(2)]);
