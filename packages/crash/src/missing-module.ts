/** A module as an element of `missing_symbols` names it. */
export interface MissingModuleName {
  readonly file: string;
  readonly version: string;
  readonly debugId: string;
  /** Empty where it is not known. */
  readonly codeId: string;
}

/** Reads an element of `missing_symbols`: `file/version/debug id`, and `/code id` where there is one. A slash of a version has a backslash before it. */
export function missingModuleIn(text: string): MissingModuleName {
  const [file = "", version = "", debugId = "", codeId = ""] = text.split(/(?<!\\)\//);
  return { file, version, debugId, codeId };
}
