import { textOf } from "../crash-data/json-value.ts";
import type { SignatureRule } from "./signature-rule.ts";

const MAX_CHARACTERS = 80;
const MARK = "###!!! ABORT:";

/** Tells aborts of one place apart by what the program said: `Abort | message | …`. */
export const abort: SignatureRule = {
  name: "AbortSignature",
  apply({ crash, signature }) {
    const message = textOf(crash.abort_message);
    if (message === undefined) return undefined;
    // A mark with a file and no message says no more than the stack does.
    if (message.includes(`${MARK} file `))
      return {
        signature: `Abort | ${signature}`,
        why: "an abort message is given, with nothing but a place in it",
      };
    return {
      signature: `Abort | ${shortened(withoutVariables(message))} | ${signature}`,
      why: "an abort message is given",
    };
  },
};

/** The message without what differs from crash to crash of one kind. */
function withoutVariables(message: string): string {
  const mark = message.indexOf(MARK);
  const said = mark < 0 ? message : message.slice(mark + MARK.length);
  const file = said.indexOf(": file ");
  const statement = file < 0 ? said : said.slice(0, file);
  return statement.includes("unable to find a usable font") ? withoutParentheses(statement) : statement;
}

/** Firefox lists the fonts that it tried. */
function withoutParentheses(text: string): string {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  return open >= 0 && open < close ? text.slice(0, open) + text.slice(close + 1) : text;
}

function shortened(text: string): string {
  const printable = text.replace(/[^ -~]/g, "").trim();
  return printable.length > MAX_CHARACTERS ? `${printable.slice(0, MAX_CHARACTERS - 3)}...` : printable;
}
