import { readFileSync } from "node:fs";
import { readCrashReport } from "../../services/collector/src/intake/crash-report.ts";
import { sharedFile } from "./measure.ts";

/** The minidump that Firefox's crash reporter sent, of 70 threads; undefined where the recorded submission is not. */
export async function firefoxDump(): Promise<Uint8Array | undefined> {
  const submission = sharedFile("firefox-esr-153/submissions/parent-sigsegv.multipart");
  if (submission === undefined) return undefined;
  const body = readFileSync(submission);
  const boundary = body.toString("latin1", 2, body.indexOf("\r\n"));
  const unwrapping = { maxBytes: 0, onBytes: () => undefined };
  return (await readCrashReport(body, boundary, unwrapping)).dumps.get("upload_file_minidump");
}
