import { parseArgs } from "node:util";

/** What a comparison with recorded answers may be told on the command line. */
export interface CaseOptions {
  /** A folder of cases of the same shape as the shared one. */
  readonly cases: string | undefined;
  /** A file for one line of JSON a case. */
  readonly json: string | undefined;
}

/** The options of this process: `--cases DIR`, `--json FILE`. */
export function caseOptions(): CaseOptions {
  const { values } = parseArgs({
    options: { cases: { type: "string" }, json: { type: "string" } },
    allowPositionals: true,
  });
  return { cases: values.cases, json: values.json };
}

/** What a case came to: which fields differ, and the reasons where that is meant. */
export interface CaseResult {
  readonly case: string;
  readonly equal: boolean;
  readonly differs: readonly string[];
  readonly named: readonly string[];
}

/** Whether a case is as it should be: equal, or different for reasons that are told. */
export function isRight({ equal, named }: CaseResult): boolean {
  return equal || named.length > 0;
}
