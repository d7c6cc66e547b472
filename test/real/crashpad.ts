import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, type Pipeline, processedCrash } from "../system/pipeline.ts";
import { type Check, must } from "./check.ts";
import { shared } from "./shared-data.ts";

const HANDLER = "/usr/lib/chromium/chrome_crashpad_handler";

/** `settings.dat` of a Crashpad database: its magic number spells `CPds`. */
const SETTINGS_MAGIC = 0x43506473;
const UPLOADS_ENABLED = 1;
/** Attributes of a report in its `.meta`. */
const IS_UPLOADED = 1;
const WAS_ASKED_FOR = 2;

/** A dump with Crashpad's own streams: of one that it cannot read the handler sends no annotations. */
const DUMP = join(shared, "breakpad/minidump_crashpad_annotation.dmp");

/** Chromium's crash handler finds a report that waits in its database, uploads it, and notes our crash id beside it. */
export function crashpadCheck(pipeline: () => Pipeline): Check {
  return {
    name: "Chromium's chrome_crashpad_handler",
    needs: [HANDLER, DUMP],
    async run() {
      const database = mkdtempSync(join(tmpdir(), "mayday-crashpad-"));
      try {
        const { collector, webapp } = pipeline();
        const report = layOut(database);
        const crashId = await upload(database, report, `${collector}/submit`);
        const processed = await processedCrash(webapp, crashId);
        must(processed["product"] === "xcuitest", `the product is ${processed["product"]}`);
        return `bp-${crashId}, ${processed["product"]} ${processed["version"]}, ${processed["signature"]}`;
      } finally {
        rmSync(database, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

/** A Crashpad database with one report that its user asked to upload; returns the report's name. */
function layOut(database: string): string {
  for (const folder of ["new", "pending", "completed", "attachments"]) mkdirSync(join(database, folder));
  const report = randomUUID();
  copyFileSync(DUMP, join(database, "pending", `${report}.dmp`));
  // Version, attempts (32 bits each), last attempt, creation (64 bits each, seconds), attributes, padding.
  const meta = Buffer.alloc(32);
  meta.writeInt32LE(1, 0);
  meta.writeBigInt64LE(BigInt(Math.floor(Date.now() / 1000) - 10), 16);
  meta.writeUInt8(WAS_ASKED_FOR, 24);
  writeFileSync(join(database, "pending", `${report}.meta`), meta);
  // Magic, version, options, padding (32 bits each), last upload (64 bits), client id.
  const settings = Buffer.alloc(40);
  settings.writeUInt32LE(SETTINGS_MAGIC, 0);
  settings.writeUInt32LE(1, 4);
  settings.writeUInt32LE(UPLOADS_ENABLED, 8);
  Buffer.from(randomUUID().replaceAll("-", ""), "hex").copy(settings, 24);
  writeFileSync(join(database, "settings.dat"), settings);
  return report;
}

/** Starts the handler as a crashed program would have; returns the crash id that it noted. */
async function upload(database: string, report: string, url: string): Promise<string> {
  const client = "--initial-client-fd=3";
  const args = [`--database=${database}`, `--url=${url}`, "--no-rate-limit", client];
  // Node makes the pipe a pair of sockets, as the handler wants it; it runs as long as the other end is open.
  const child = spawn(HANDLER, args, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  try {
    const done = join(database, "completed", `${report}.meta`);
    await eventually("the handler's upload", async () => existsSync(done) || undefined, 30_000);
    const meta = readFileSync(done);
    must(((meta[24] ?? 0) & IS_UPLOADED) !== 0, "the handler gave the report up");
    const crashId = /bp-([0-9a-f-]{36})/.exec(meta.toString("latin1", 32))?.[1];
    must(crashId !== undefined, `it noted ${JSON.stringify(meta.toString("latin1", 32))}`);
    return crashId as string;
  } finally {
    child.kill("SIGKILL");
  }
}
