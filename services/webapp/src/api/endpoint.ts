import type { WebappParts } from "../parts.ts";
import type { Viewer } from "../permissions.ts";

/** A question to the API: the query of a GET or the form of a POST, and who asks. */
interface Question {
  readonly params: URLSearchParams;
  readonly viewer: Viewer;
}

export type Answer =
  | { readonly kind: "json"; readonly status: number; readonly value: unknown }
  | { readonly kind: "file"; readonly bytes: Buffer; readonly fileName: string };

/** One service of the API, at `/api/<name>/`. */
export interface Endpoint {
  readonly name: string;
  readonly method: "GET" | "POST";
  answer(question: Question, parts: WebappParts): Promise<Answer>;
}
