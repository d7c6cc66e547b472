import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type ProcessedCrash, parseExactJson, type RawCrash } from "@mayday/crash";

/** What was uploaded, or how it was walked; see the README beside the cases. */
export type CaseDump =
  | {
      readonly kind: "walked";
      readonly json_dump?: unknown;
      readonly output_text?: string;
      readonly return_code: number;
      readonly log: string | null;
    }
  | { readonly kind: "empty" }
  | { readonly kind: "bytes"; readonly base64: string };

/** A report and what Socorro's processor made of it. */
export interface ProcessorCase {
  readonly name: string;
  readonly raw: RawCrash;
  readonly dumps: Readonly<Record<string, CaseDump>>;
  readonly previous: ProcessedCrash | undefined;
  readonly expected: Readonly<Record<string, unknown>>;
  /** Rules that threw, with the exception's class. */
  readonly failedRules: Readonly<Record<string, string>>;
  /** For each field the rule that wrote it last; null where it was there before. */
  readonly lastWriter: Readonly<Record<string, string | null>>;
}

/** A row of what the VersionString API knew. */
export interface VersionRow {
  readonly product: string;
  readonly channel: string;
  readonly build_id: string;
  readonly version_string: string;
}

interface CaseLine {
  readonly case: string;
  readonly raw_crash: RawCrash;
  readonly dumps: ProcessorCase["dumps"];
  readonly previous?: ProcessedCrash;
}

interface AnswerLine {
  readonly case: string;
  readonly processed_crash: ProcessorCase["expected"];
  readonly failed_rules: ProcessorCase["failedRules"];
  readonly last_writer: ProcessorCase["lastWriter"];
}

/** The cases of a folder, each with its answer; numbers have the digits they were written with. */
export function readCases(folder: string): ProcessorCase[] {
  const answers = new Map(lines<AnswerLine>(folder, "expected").map((answer) => [answer.case, answer]));
  return lines<CaseLine>(folder, "cases").map((one) => {
    const answer = answers.get(one.case);
    if (answer === undefined) throw new Error(`case ${one.case} has no answer`);
    return {
      name: one.case,
      raw: one.raw_crash,
      dumps: one.dumps,
      previous: one.previous,
      expected: answer.processed_crash,
      failedRules: answer.failed_rules,
      lastWriter: answer.last_writer,
    };
  });
}

export function readVersions(folder: string): VersionRow[] {
  return JSON.parse(readFileSync(join(folder, "version_table.json"), "utf8"));
}

function lines<T>(folder: string, name: string): T[] {
  const zipped = join(folder, `${name}.jsonl.gz`);
  const bytes = existsSync(zipped)
    ? gunzipSync(readFileSync(zipped))
    : readFileSync(join(folder, `${name}.jsonl`));
  return bytes
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parseExactJson(line) as T);
}
