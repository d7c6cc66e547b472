import { existsSync } from "node:fs";
import { join } from "node:path";
// @ts-expect-error: a script that must run before TypeScript does has no types.
import { aptInstall } from "../../scripts/machine.mjs";
import { dataFolder, type Pipeline, startPipeline } from "../system/pipeline.ts";
import { runCheck } from "./check.ts";
import { crashpadCheck } from "./crashpad.ts";
import { crashstatsToolsCheck } from "./crashstats-tools.ts";
import { curlCheck } from "./curl.ts";
import { firefoxCheck } from "./firefox.ts";
import { pingsenderCheck } from "./pingsender.ts";
import { recordedChecks } from "./recorded.ts";
import { shared } from "./shared-data.ts";

/** Debian's packages of real clients, and a file of each. */
const clients = {
  "firefox-esr": "/usr/lib/firefox-esr/pingsender",
  "chromium-common": "/usr/lib/chromium/chrome_crashpad_handler",
  curl: "/usr/bin/curl",
};

for (const [name, file] of Object.entries(clients)) if (!existsSync(file)) aptInstall(name);
console.log("real clients");
const data = await dataFolder();
let running: Pipeline | undefined;
const pipeline = () => running as Pipeline;
const outcomes: string[] = [];
try {
  // Of the very Firefox that Debian had when they were recorded; another has no symbols.
  const symbols = join(shared, "firefox-esr-153/symbols");
  running = await startPipeline(data.path, existsSync(symbols) ? { SYMBOL_SOURCES: symbols } : {});
  const checks = [
    firefoxCheck("SIGSEGV", pipeline),
    firefoxCheck("SIGABRT", pipeline),
    pingsenderCheck(pipeline),
    crashpadCheck(pipeline),
    curlCheck(pipeline),
    crashstatsToolsCheck(pipeline, data.path),
    ...recordedChecks(pipeline),
  ];
  for (const check of checks) outcomes.push(await runCheck(check));
} finally {
  await running?.end("SIGTERM");
  await data.remove();
}
process.exitCode = outcomes.includes("failed") ? 1 : 0;
