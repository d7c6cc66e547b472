import type { AsRead, ProcessedCrash, ProcessedFieldName } from "@mayday/crash";
import type { StackRow } from "../pages/stack-rows.ts";
import { textOf } from "../pages/stored-json.ts";

/** What a bug about a crash says, by the names that addresses of bug trackers have for it. */
export interface BugReport {
  readonly title: string;
  readonly description: string;
  readonly signature: string;
  readonly bug_type: string;
  readonly op_sys: string;
  readonly rep_platform: string;
}

const LONGEST_TITLE = 255;
const MOST_FRAMES = 10;
const LONGEST_FRAME = 80;
const LONGEST_JAVA = 5000;

/**
 * @param rows the crashing thread's
 * @param home the address under which the report is found
 */
export function bugReport(
  processed: AsRead<ProcessedCrash>,
  rows: readonly StackRow[],
  home: string,
): BugReport {
  const text = (name: ProcessedFieldName) => textOf(processed[name]);
  const java = text("java_stack_trace").slice(0, LONGEST_JAVA);
  const why = text("moz_crash_reason");
  const stack = java === "" ? framesText(rows) : java;
  return {
    title: `Crash in [@ ${text("signature")} ]`.slice(0, LONGEST_TITLE),
    description: [
      `Crash report: ${home}/report/index/${text("uuid")}`,
      why === "" ? `Reason: ${text("reason")}` : `MOZ_CRASH Reason: ${why}`,
      ...(stack === "" ? [] : [java === "" ? `Top ${MOST_FRAMES} frames:` : "Java stack trace:", stack]),
    ].join("\n\n"),
    signature: `[@ ${text("signature")} ]`,
    bug_type: "defect",
    op_sys: text("os_pretty_version") || text("os_name"),
    rep_platform: text("cpu_arch"),
  };
}

/** An address with the report's texts in it. */
export function fileBugAddress(template: string, report: BugReport): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(report, name) ? encodeURIComponent(report[name as keyof BugReport].toWellFormed()) : whole,
  );
}

const framesText = (rows: readonly StackRow[]): string =>
  lines(rows)
    .slice(0, MOST_FRAMES)
    .map((line) => line.slice(0, LONGEST_FRAME))
    .join("\n");

/** A stack as text, a line for each call. */
export const stackText = (rows: readonly StackRow[]): string => lines(rows).join("\n");

/** A stack as a block of Markdown. */
export function stackMarkdown(rows: readonly StackRow[]): string {
  const text = stackText(rows);
  // A fence must be longer than any run of ticks within.
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

const lines = (rows: readonly StackRow[]): string[] =>
  rows.map((row) => {
    if (row.kind === "gap") return "…";
    const { frame, module, name, source } = row;
    const at = source === undefined ? "" : `  ${source.folder}${source.file}`;
    return `${frame}  ${module}  ${name}${at}`;
  });
