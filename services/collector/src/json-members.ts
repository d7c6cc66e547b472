/** A letter can be written so, and in no other way than this and as it is. */
const ESCAPED_LETTER = "\\u00";

/**
 * The members of a JSON object as they are written, without some of them: to write annotations anew costs as much as to
 * read them. Undefined when it is not plain where those stand: there is more than strings in the object, or a name is there
 * twice, or may be, written in another way.
 * @param text the object's text, which is valid
 * @param object what it says
 * @param without names of members that are there; of letters alone
 */
export function writtenMembers(
  text: string,
  object: Readonly<Record<string, unknown>>,
  without: readonly string[],
): string | undefined {
  if (without.length > 0 && !isPlain(text, object)) return undefined;
  let members = text.slice(text.indexOf("{") + 1, text.lastIndexOf("}"));
  for (const name of without) {
    const others = withoutMember(members, name, object[name]);
    if (others === undefined) return undefined;
    members = others;
  }
  return members;
}

/** Whether a name that is found once is a member's, and that member's only one. */
function isPlain(text: string, object: Readonly<Record<string, unknown>>): boolean {
  return !text.includes(ESCAPED_LETTER) && Object.values(object).every((value) => typeof value === "string");
}

function withoutMember(members: string, name: string, value: unknown): string | undefined {
  const key = JSON.stringify(name);
  const at = members.indexOf(key);
  // Behind a backslash it is the end of another text.
  if (at < 0 || members[at - 1] === "\\" || members.includes(key, at + 1)) return undefined;
  const valueAndRest = behind(":", members.slice(at + key.length));
  const rest = valueAndRest === undefined ? undefined : behind(JSON.stringify(value), valueAndRest);
  if (rest === undefined) return undefined;
  const before = members.slice(0, at);
  const next = behind(",", rest);
  // The last one takes the comma before it along.
  return next === undefined ? before.trimEnd().slice(0, -1) : before + next;
}

/** What is written behind a token, blanks aside; undefined when another one stands there. */
function behind(token: string, text: string): string | undefined {
  const trimmed = text.trimStart();
  return trimmed.startsWith(token) ? trimmed.slice(token.length) : undefined;
}
