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
  | { readonly kind: "file"; readonly bytes: Buffer; readonly fileName: string; readonly type: string };

/** One service of the API, at `/api/<name>/`. */
export interface Endpoint {
  readonly name: string;
  /** What it answers, in a sentence. */
  readonly says: string;
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
