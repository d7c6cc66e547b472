import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pipeline } from "../system/pipeline.ts";
import { type Check, must } from "./check.ts";

const PINGSENDER = "/usr/lib/firefox-esr/pingsender";

/** Firefox's pingsender delivers a ping file, and deletes it because it was taken. */
export function pingsenderCheck(pipeline: () => Pipeline): Check {
  return {
    name: "Firefox's pingsender",
    needs: [PINGSENDER],
    async run() {
      const folder = mkdtempSync(join(tmpdir(), "mayday-ping-"));
      try {
        const id = randomUUID();
        const file = join(folder, id);
        writeFileSync(file, JSON.stringify(crashPing(id)));
        // It sends to this machine only when it is called so.
        const { port } = new URL(pipeline().collector);
        const path = `submit/telemetry/${id}/crash/Firefox/153.7.0/esr/20261103151912`;
        const { status, stderr } = spawnSync(PINGSENDER, [`http://localhost:${port}/${path}?v=4`, file], {
          encoding: "utf8",
          timeout: 30_000,
        });
        must(status === 0, `it ended with ${status}: ${stderr}`);
        must(!existsSync(file), "it kept the ping");
        const metrics = await (await fetch(`${pipeline().collector}/metrics`)).text();
        must(
          /collector_pings_total\{kind="telemetry",outcome="accept"\} 1/.test(metrics),
          "it is not counted",
        );
        return `${id} taken, the file deleted`;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function crashPing(id: string) {
  return {
    type: "crash",
    id,
    creationDate: new Date().toISOString(),
    version: 4,
    application: { name: "Firefox", version: "153.7.0", channel: "esr", buildId: "20261103151912" },
    payload: { version: 1, crashId: randomUUID(), hasCrashEnvironment: true, metadata: {} },
  };
}
