import { badField, badRequest, found } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** Answers and does nothing: to try a client with. */
export const noOp: Endpoint = {
  name: "NoOp",
  says: "Nothing: to try a client with.",
  example: "product=good",
  method: "GET",
  async answer({ params }) {
    const product = params.get("product") ?? "";
    if (product === "") return badField("product", "This field is required.");
    return product === "bad" ? badRequest("BadArgumentError", "product") : found({ hits: [], total: 0 });
  },
};
