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
