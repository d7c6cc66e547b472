import type { Readable } from "node:stream";
import type { WebappParts } from "../parts.ts";
import type { Viewer } from "../permissions.ts";

/** A question to the API, and who asks. */
interface Question {
  /** The query of a GET, the form of a POST. */
  readonly params: URLSearchParams;
  /** The body of a POST as it came. */
  readonly body: string;
  readonly viewer: Viewer;
  /** As the audit log has it. */
  readonly who: string;
}

export type Answer =
  | { readonly kind: "json"; readonly status: number; readonly value: unknown }
  | { readonly kind: "file"; readonly bytes: Readable; readonly fileName: string; readonly type: string };

/** A parameter: what it is checked by, and what the API's description says of it. */
export interface Parameter {
  readonly name: string;
  /** In a sentence. */
  readonly says: string;
  /** Whether a question without it, or with nothing in it, is refused. */
  readonly isRequired?: true;
  /** Whether it may be given several times, each a value. */
  readonly isList?: true;
  /** What each value must be. */
  readonly must?: { readonly match: RegExp; readonly says: string };
  readonly choices?: readonly string[];
}

/** One service of the API, at `/api/<name>/`. */
export interface Endpoint {
  readonly name: string;
  /** What it answers, in a sentence. */
  readonly says: string;
  /** In the query of a GET, the form of a POST; others are ignored. Checked before the endpoint is asked. */
  readonly parameters?: readonly Parameter[];
  /** How long clients may keep a good answer, seconds; 0 when absent. */
  readonly maxAge?: number;
  /** A query that can be tried. */
  readonly example?: string;
  readonly method: "GET" | "POST" | "PUT";
  /** Whether a POST is the same question, its parameters a form. */
  readonly takesPost?: true;
  /** Whether it may show what is protected: then a look leaves a line in the audit log. */
  readonly showsProtected?: true;
  /** Reads the body itself; a POST to others must be a form. */
  readonly readsBody?: true;
  /** Parameters that have one value: of several the last counts, and what it holds is for the endpoint to judge. */
  readonly singles?: ReadonlySet<string>;
  /** Bytes; 1 MiB when absent. */
  readonly bodyLimit?: number;
  answer(question: Question, parts: WebappParts): Promise<Answer>;
}
