import { badRequest, found } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** Answers and does nothing: to try a client with. */
export const noOp: Endpoint = {
  name: "NoOp",
  says: "Nothing: to try a client with.",
  example: "product=good",
  method: "GET",
  parameters: [{ name: "product", says: "Anything; `bad` is refused.", isRequired: true }],
  maxAge: 300,
  async answer({ params }) {
    return params.get("product") === "bad"
      ? badRequest("BadArgumentError", "product")
      : found({ hits: [], total: 0 });
  },
};
