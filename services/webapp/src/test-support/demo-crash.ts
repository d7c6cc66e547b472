import { readFileSync } from "node:fs";
import {
  type CrashId,
  MAIN_DUMP,
  newCrashId,
  type ProcessedCrash,
  type RawCrash,
  timestamp,
} from "@mayday/crash";

const demo = new URL("../../../../fixtures/demo/", import.meta.url);
const readJson = (name: string) => JSON.parse(readFileSync(new URL(name, demo), "utf8"));

/** The stack of the demo crash as a stackwalker wrote it; a fresh copy each time. */
export const demoDump = () => readJson("expected.json");

/** The n-th crash id of that day. */
export const crashId = (n: number, day: Date): CrashId =>
  newCrashId(`${n.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`, day, 0);

/** The demo report as a collector saves it. */
export function demoRaw(uuid: CrashId, submitted: Date, dumps: readonly string[] = [MAIN_DUMP]): RawCrash {
  return {
    ...readJson("annotations.json"),
    uuid,
    version: 2,
    submitted_timestamp: timestamp(submitted),
    metadata: {
      payload: "multipart",
      payload_compressed: "0",
      payload_size: 1000,
      collector_notes: [],
      dump_checksums: Object.fromEntries(dumps.map((name) => [name, "0".repeat(64)])),
      user_agent: "",
      throttle_rule: "accept_everything",
      throttle_percent: 100,
    },
  } as RawCrash;
}

/** The demo crash, processed, with some fields replaced. */
export function demoProcessed(
  uuid: CrashId,
  submitted: Date,
  replaced: Partial<ProcessedCrash> = {},
): ProcessedCrash {
  const steps = [
    { kind: "taken", name: "teapot::Texture::index_of", at: { frame: 0, inline: 0 } },
    {
      kind: "rule",
      rule: "SignatureRunWatchDog",
      before: "teapot::Texture::index_of",
      after: "shutdownhang | teapot::Texture::index_of",
    },
  ];
  return {
    uuid,
    crash_id: uuid,
    signature: "teapot::Texture::index_of",
    proto_signature: "teapot::Texture::index_of | teapot::Texture::texel",
    signature_debug: JSON.stringify(steps),
    report_type: "crash",
    product: "Teapot",
    version: "1.4.0",
    build: "20261102093000",
    release_channel: "nightly",
    process_type: "parent",
    reason: "SIGSEGV / SEGV_MAPERR",
    address: "0x0000000000000020",
    crashing_thread: 2,
    os_name: "Linux",
    os_version: "6.18.44 #1 SMP PREEMPT_DYNAMIC",
    os_pretty_version: "Debian GNU/Linux 12 (bookworm)",
    cpu_arch: "amd64",
    cpu_info: "family 25 model 1 stepping 1",
    cpu_count: 2,
    cpu_microcode_version: "0x1000065",
    uptime: 2,
    install_age: 259_202,
    last_crash: null,
    client_crash_date: "2026-11-22T13:23:06+00:00",
    date_processed: timestamp(submitted),
    submitted_timestamp: timestamp(submitted),
    started_datetime: "2026-11-22T13:23:20+00:00",
    completed_datetime: "2026-11-22T13:23:21+00:00",
    processor_notes:
      ">>> Start processing: 2026-11-22T13:23:20+00:00\nthread 1: stack memory absent from dump",
    mdsw_status_string: "OK",
    stackwalk_version: "mayday stackwalk 1",
    user_comments: "I was watching the backdrops change, and it was gone.",
    url: "https://example.com/tea?for=two",
    success: true,
    json_dump: demoDump(),
    ...replaced,
  };
}
