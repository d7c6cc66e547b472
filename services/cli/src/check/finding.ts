/** What a check found. `warning`: it works, and will not for long, or not as well as it could. */
export interface Finding {
  /** What was asked: `Redis`, `crash store` … */
  readonly name: string;
  readonly state: "right" | "warning" | "wrong";
  readonly says: string;
  /** How to mend it; empty where nothing is to be mended. */
  readonly mend: string;
}

export const right = (name: string, says: string): Finding => ({ name, state: "right", says, mend: "" });
export const warning = (name: string, says: string, mend: string): Finding => ({
  name,
  state: "warning",
  says,
  mend,
});
export const wrong = (name: string, says: string, mend: string): Finding => ({
  name,
  state: "wrong",
  says,
  mend,
});

/** Signs for the terminal; the words tell the same. */
const signs = { right: "ok     ", warning: "warning", wrong: "WRONG  " } as const;

/** A finding in one line. */
export function findingLine({ name, state, says, mend }: Finding): string {
  const line = `${signs[state]}  ${name}: ${says.replaceAll(/\s+/g, " ")}`;
  return mend === "" ? line : `${line} — ${mend}`;
}
