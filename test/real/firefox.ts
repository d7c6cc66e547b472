import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { eventually, type Pipeline, processedCrash } from "../system/pipeline.ts";
import { postBytes } from "../system/submit.ts";
import { type Check, must } from "./check.ts";
import { readQueuedPing } from "./pings.ts";

const FIREFOX = "/usr/lib/firefox-esr/firefox-esr";
/** Firefox needs so long until it has windows and content processes, ms. */
const START_MS = 12_000;

/**
 * Firefox crashes by `signal`; its own crash reporter sends the report to us. It has then deleted what was pending and
 * noted our crash id; the processed crash follows; the crash ping that it queued is taken.
 */
export function firefoxCheck(signal: "SIGSEGV" | "SIGABRT", pipeline: () => Pipeline): Check {
  return {
    name: `Firefox's crash reporter after ${signal}`,
    needs: [FIREFOX],
    async run() {
      const home = mkdtempSync(join(tmpdir(), "mayday-firefox-"));
      try {
        await crashFirefox(home, signal, `${pipeline().collector}/submit`);
        return await lookAt(home, signal, pipeline());
      } finally {
        rmSync(home, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

async function crashFirefox(home: string, signal: NodeJS.Signals, url: string): Promise<void> {
  const profile = mkdtempSync(join(home, "profile-"));
  const args = ["--headless", "--no-remote", "--profile", profile, "about:mozilla"];
  const child = spawn(FIREFOX, args, {
    env: {
      HOME: home,
      PATH: "/usr/bin:/bin",
      MOZ_CRASHREPORTER: "1",
      MOZ_CRASHREPORTER_AUTO_SUBMIT: "1",
      MOZ_CRASHREPORTER_URL: url,
      MOZ_HEADLESS: "1",
    },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  await sleep(START_MS);
  must(child.exitCode === null, "Firefox ended before it was crashed");
  child.kill(signal);
  await ended;
}

async function lookAt(home: string, signal: string, pipeline: Pipeline): Promise<string> {
  const files = () => readdirSync(home, { recursive: true, encoding: "utf8" });
  const noted = await eventually("a crash id in Firefox's submitted folder", async () =>
    files().find((path) => /\/submitted\/bp-[0-9a-f-]{36}\.txt$/.test(path)),
  );
  const crashId = basename(noted, ".txt").slice("bp-".length);
  const pending = files().filter((path) => /\/(pending|minidumps)\/.*\.(dmp|extra)$/.test(path));
  must(pending.length === 0, `files are still pending: ${pending.join(", ")}`);
  const processed = await processedCrash(pipeline.webapp, crashId);
  must(
    processed["product"] === "Firefox" && processed["success"] === true,
    "the crash is not processed well",
  );
  must(String(processed["reason"]).startsWith(signal), `the reason is ${processed["reason"]}`);
  const ping = await sendQueuedPing(home, files(), pipeline.collector);
  return `bp-${crashId}, ${processed["reason"]}, ${processed["signature"]}; its ping ${ping} taken`;
}

/** The ping of this very crash, sent as its uploader would. */
async function sendQueuedPing(home: string, files: readonly string[], collector: string): Promise<string> {
  const file = files.find((path) => /\/pending_pings\/[0-9a-f-]{36}$/.test(path));
  must(file !== undefined, "Firefox queued no crash ping");
  const { path, body } = readQueuedPing(join(home, file as string));
  const { status, text } = await postBytes(`${collector}${path}`, gzipSync(body), {
    "content-encoding": "gzip",
    "content-type": "application/json; charset=utf-8",
  });
  must(status === 200, `the ping is answered ${status} ${text}`);
  return basename(path);
}
