import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { attack, hostileClients } from "../system/hostile-clients.ts";
import { type LoneCollector, startLoneCollector } from "../system/lone-collector.ts";
import { demoAnnotations, demoDump, postForm } from "../system/submit.ts";

const TIMEOUT_MS = 5000;

/** What hostile clients cost: the reply, its time, the collector's memory, and how others are served meanwhile. */
export async function hostile(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mayday-bench-"));
  try {
    for (const client of hostileClients) {
      const collector = await startLoneCollector(mkdtempSync(join(folder, "data-")), {
        COLLECTOR_REQUEST_TIMEOUT_MS: String(TIMEOUT_MS),
      });
      const quiet = await serve(collector, 500);
      const started = performance.now();
      const attacking = attack(collector.port, client, 60_000).then((status) => ({
        status,
        ms: performance.now() - started,
      }));
      const others = await serve(collector, 1000, attacking);
      const { status, ms } = await attacking;
      await collector.end();
      console.log(
        `  ${client.name}: answered ${status} after ${ms.toFixed(0)} ms; memory at most ${others.megabytes.toFixed(0)} MB ` +
          `(${quiet.megabytes.toFixed(0)} before); ${others.served} other reports served, the slowest in ${others.slowestMs.toFixed(0)} ms ` +
          `(${quiet.slowestMs.toFixed(0)} before), ${others.failed} failed`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Sends good reports one after the other, for `ms` at least and until `until` is over. */
async function serve({ port, pid }: LoneCollector, ms: number, until: Promise<unknown> = Promise.resolve()) {
  const seen = { served: 0, failed: 0, slowestMs: 0, megabytes: 0 };
  let isOver = false;
  until.finally(() => {
    isOver = true;
  });
  const end = performance.now() + ms;
  while (!isOver || performance.now() < end) {
    const started = performance.now();
    const answer = await postForm(`http://127.0.0.1:${port}`, demoAnnotations(), {
      upload_file_minidump: demoDump(),
    }).catch(() => undefined);
    if (answer?.text.startsWith("CrashID=") === true) seen.served++;
    else seen.failed++;
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - started);
    seen.megabytes = Math.max(seen.megabytes, residentMegabytes(pid));
    await sleep(10);
  }
  return seen;
}

/** The most memory that a process has had (Linux). */
function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
