import type { SiglistLine } from "../siglists/siglist.ts";
import type { NameImprovement } from "./improved-name.ts";

/** What of a frame its text was made of. */
export type FrameSource =
  | "C++ function"
  | "Rust function"
  | "file and line"
  | "module"
  | "unloaded module"
  | "address"
  | "nothing";

/** A frame as one text, and how it came about. */
export interface FrameText {
  readonly text: string;
  readonly source: FrameSource;
  /** What the frame itself has, where the text is not just that. */
  readonly from?: string;
  /** What was improved in the name before. */
  readonly improved?: readonly NameImprovement[];
  /** The line of the list for which the text has the line number. */
  readonly lineNumber?: SiglistLine;
}
