import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { chromiumPath, flags } from "../system/browser.ts";
import { eventually, type Pipeline, processedCrash } from "../system/pipeline.ts";
import { type Check, must } from "./check.ts";
import { readQueuedPing } from "./pings.ts";

const FIREFOX = "/usr/lib/firefox-esr/firefox-esr";
/** It sends a file to an address, gzipped, and deletes the file when it was taken. */
const PINGSENDER = "/usr/lib/firefox-esr/pingsender";
/** Firefox needs so long until it has windows and content processes, ms. */
const START_MS = 12_000;

/**
 * Firefox crashes by `signal`; its own crash reporter sends the report to us. It has then deleted what was pending and
 * noted our crash id; the processed crash follows. The crash ping that it queued is sent by Firefox's pingsender, signed, and
 * joined to the report both ways, in the API and on the pages.
 */
export function firefoxCheck(signal: "SIGSEGV" | "SIGABRT", pipeline: () => Pipeline): Check {
  return {
    name: `Firefox's crash reporter after ${signal}`,
    needs: [FIREFOX, PINGSENDER],
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
  const documentId = await sendQueuedPing(home, files(), pipeline.collector);
  const ping = await joinedPing(pipeline, documentId, crashId);
  const signatures = compared(processed, ping);
  await seenOnPages(pipeline.webapp, crashId, documentId);
  return `bp-${crashId}, ${processed["reason"]}; ping ${documentId}; ${signatures}; joined both ways, seen in Chromium`;
}

/** The ping of this very crash, sent by Firefox's own program. */
async function sendQueuedPing(home: string, files: readonly string[], collector: string): Promise<string> {
  const queued = files.find((path) => /\/pending_pings\/[0-9a-f-]{36}$/.test(path));
  must(queued !== undefined, "Firefox queued no crash ping");
  const { path, body } = readQueuedPing(join(home, queued as string));
  const file = join(home, basename(path));
  writeFileSync(file, body);
  // It sends to this machine only when it is called so.
  const address = `http://localhost:${new URL(collector).port}${path}`;
  const { status, stderr } = spawnSync(PINGSENDER, [address, file], { encoding: "utf8", timeout: 30_000 });
  must(status === 0 && !existsSync(file), `pingsender ended with ${status}: ${stderr}`);
  return basename(path);
}

/** The processed ping, once it names the report of its dump, and the report names it. */
async function joinedPing(
  { webapp }: Pipeline,
  documentId: string,
  crashId: string,
): Promise<Record<string, any>> {
  const ping = await eventually("a processed ping that names its report", async () => {
    const response = await fetch(`${webapp}/api/CrashPing/?document_id=${documentId}`);
    const answer: any = await response.json();
    return response.ok && answer.reports.includes(crashId) ? answer : undefined;
  });
  const hash = ping["minidump_sha256_hash"];
  const answer: any = await (await fetch(`${webapp}/api/CrashPings/?minidump_sha256_hash=${hash}`)).json();
  must(JSON.stringify(answer).includes(documentId), `the pings of the dump are ${JSON.stringify(answer)}`);
  return ping;
}

/** The signatures of a report and of its ping: the same where their stacks agree as far as the signature goes. */
function compared(report: Record<string, any>, ping: Record<string, any>): string {
  if (report["signature"] === ping["signature"]) return `both are ${report["signature"]}`;
  const framesOf = (crash: Record<string, any>) => String(crash["proto_signature"]).split(" | ");
  const [ours, theirs] = [framesOf(report), framesOf(ping)];
  const at = ours.findIndex((frame, index) => frame !== theirs[index]);
  const used = String(report["signature"]).split(" | ").length;
  must(
    at >= 0 && at <= used,
    `stacks agree, but signatures are ${report["signature"]} and ${ping["signature"]}`,
  );
  return `signatures ${report["signature"]} and ${ping["signature"]}, since frame ${at} is ${ours[at]} to us, ${theirs[at]} to the client`;
}

/** From the report to the ping and back, by links. */
async function seenOnPages(webapp: string, crashId: string, documentId: string): Promise<void> {
  must(chromiumPath !== undefined, "there is no Chromium");
  const browser = await chromium.launch({ executablePath: chromiumPath as string, args: flags });
  try {
    const page = await browser.newPage();
    await page.goto(`${webapp}/report/index/${crashId}`);
    await page.click(`a[href="/ping/${documentId}"]`);
    await page.waitForURL(`${webapp}/ping/${documentId}`);
    await page.click(`a[href="/report/index/${crashId}"]`);
    await page.waitForURL(`${webapp}/report/index/${crashId}`);
  } finally {
    await browser.close();
  }
}
