import { gunzipSync } from "node:zlib";
import { dumpSource } from "../../open-dumps.ts";
import { rule } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";
import { recordOf } from "../../values/json-records.ts";

const MOST_BYTES = 20 * 1024 * 1024;
const TOO_LARGE = `Uncompressed memory info too large (max: ${MOST_BYTES})`;

/** Reads the memory report that came with the crash: gzipped JSON, as about:memory writes it. */
export const outOfMemoryBinary = rule({
  name: "OutOfMemoryBinaryRule",
  writes: ["memory_report", "memory_report_error"],
  act({ dumps, processed, notes }) {
    const given = dumps.get("memory_report");
    if (given === undefined) return;
    // What is so large that it is not in memory does not get smaller when it is inflated.
    const isReadable = given instanceof Uint8Array || given.length <= MOST_BYTES;
    const read = isReadable ? readReport(dumpSource(given).read(0, given.length)) : { error: TOO_LARGE };
    const { ERROR: clients } = recordOf("report" in read ? read.report : undefined);
    // A client that could not make its report says so in its place.
    if (clients) processed.memory_report_error = annotationText(clients) ?? JSON.stringify(clients);
    else if ("error" in read) {
      processed.memory_report_error = read.error;
      notes.push(read.error);
    } else processed.memory_report = read.report;
  },
});

function readReport(bytes: Uint8Array): { report: unknown } | { error: string } {
  let inflated: Uint8Array;
  try {
    // Nothing, inflated, is nothing.
    inflated = bytes.length === 0 ? bytes : gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      error: code === "ERR_BUFFER_TOO_LARGE" ? TOO_LARGE : `error in gzip for memory_report: ${code}`,
    };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(inflated);
    return { report: JSON.parse(text) };
  } catch (error) {
    // The error's message quotes the report.
    const why = error instanceof SyntaxError ? "it is not JSON" : "it is not UTF-8";
    return { error: `error in json for memory_report: ${why}` };
  }
}
