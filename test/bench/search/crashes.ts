import type { ProcessedCrash } from "@mayday/crash";
import { type SearchDocument, searchDocument } from "../../../packages/search/src/index.ts";

/** The present of the generated crashes, which are of the half year before. */
export const NOW = new Date("2026-11-29T12:00:00Z");
const DAYS = 26 * 7;
const KINDS = 20_000;

export const products = ["Firefox", "Fenix", "Thunderbird", "Focus"] as const;
const majors = [45, 44, 43, 40, 39];
const minors = ["", ".1", "b2", "esr"];
/** Every version there is, the most frequent first. */
export const versions = minors.flatMap((minor) => majors.map((major) => `1${major}.0${minor}`));

/** A signature by its number, below 20,000: the lower, the more crashes have it. */
export const signatureOf = (kind: number): string => `mod::fn_${kind % 5000}::level_0 | kind_${kind}`;

/** {@link processedOf} as the index gets it. */
export const crashOf = (serial: number, count: number, random: () => number): SearchDocument =>
  searchDocument(processedOf({ serial, count, random }));

/** Which of how many crashes is made. */
export interface Generated {
  /** Of `count`: the first ones are the oldest. */
  readonly serial: number;
  readonly count: number;
  readonly random: () => number;
  /** {@link NOW} when unsaid. */
  readonly now?: Date;
}

/** A crash whose signature is one of 20,000, a few of them frequent, with 30 functions on its stack. */
export function processedOf({ serial, count, random, now = NOW }: Generated): ProcessedCrash {
  const skewed = (count: number): number => Math.floor(count * random() ** 4);
  const one = <T>(of: readonly T[]): T => of[Math.floor(of.length * random() ** 2)]!;
  const kind = skewed(KINDS);
  const functions = Array.from({ length: 30 }, (_, i) =>
    i < 4 ? `mod::fn_${kind % 5000}::level_${i}` : `mod::fn_${skewed(50_000)}::run`,
  );
  const day = Math.floor((serial / count) * DAYS);
  const date = new Date(now.getTime() - (DAYS - day) * 86_400_000 + Math.floor(random() * 86_400_000));
  const hex = serial.toString(16).padStart(8, "0");
  const yymmdd = date.toISOString().slice(2, 10).replaceAll("-", "");
  return {
    uuid: `${hex}-1234-4abc-9def-123450${yymmdd}`,
    date_processed: date.toISOString().replace("Z", "000+00:00"),
    signature: signatureOf(kind),
    proto_signature: functions.join(" | "),
    product: one(products),
    version: `1${one(majors)}.0${one(minors)}`,
    build: `202611${one(["01", "08", "15", "22"])}000000`,
    release_channel: one(["release", "beta", "nightly", "esr"]),
    os_name: one(["Windows NT", "Linux", "Mac OS X", "Android"]),
    os_version: `10.0.${Math.floor(random() * 300)}`,
    process_type: one(["parent", "content", "gpu", "rdd", "utility"]),
    reason: one(["EXCEPTION_ACCESS_VIOLATION_READ", "SIGSEGV / SEGV_MAPERR", "EXCEPTION_BREAKPOINT"]),
    address: `0x${Math.floor(random() * 2 ** 40).toString(16)}`,
    uptime: Math.floor(10_000 * random() ** 3),
    install_time: 1_790_000_000 + Math.floor(random() * 5_000_000),
    cpu_arch: one(["amd64", "arm64", "x86"]),
    startup_crash: random() < 0.1,
    is_garbage_collecting: random() < 0.05,
    adapter_vendor_id: one(["0x10de", "0x8086", "0x1002"]),
    total_physical_memory: 2 ** Math.floor(32 + 4 * random()),
    modules_in_stack: ["xul.dll/AB", "ntdll.dll/CD", `m${skewed(300)}.dll/EF`].join(";"),
    crash_report_keys: ["ProductName", "Version", "BuildID", "StartupTime"],
    crashing_thread: 0,
    json_dump: {
      threads: [
        {
          frames: functions.map((name, i) => ({
            function: name,
            module: i < 20 ? "xul.dll" : "ntdll.dll",
            module_offset: `0x${i}0`,
          })),
        },
      ],
    },
  };
}
