/** A part of a wildcard pattern: a text as it is, any text, or any one character. */
export type WildcardPart = { readonly text: string } | "any" | "one";

/** Reads a pattern: `*`, `?`, and `\` before a character that is meant as it is. A `\` at the end is meant so itself. */
export function parseWildcard(pattern: string): readonly WildcardPart[] {
  const parts: WildcardPart[] = [];
  let text = "";
  const end = (): void => {
    if (text !== "") parts.push({ text });
    text = "";
  };
  const characters = Array.from(pattern);
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!;
    if (character === "\\") text += characters[++i] ?? "\\";
    else if (character === "*") {
      end();
      if (parts.at(-1) !== "any") parts.push("any");
    } else if (character === "?") {
      end();
      parts.push("one");
    } else text += character;
  }
  end();
  return parts;
}

/** Whether the whole text is of the pattern's shape. Takes at most the product of both lengths in steps. */
export function matchesWildcard(parts: readonly WildcardPart[], text: string): boolean {
  const wanted = parts.flatMap((part) => (typeof part === "string" ? [part] : Array.from(part.text)));
  const isLiteral = parts.flatMap((part) =>
    typeof part === "string" ? [false] : Array.from(part.text, () => true),
  );
  const characters = Array.from(text);
  let at = 0;
  let next = 0;
  let retry: { wanted: number; at: number } | undefined;
  while (at < characters.length) {
    const isAny = next < wanted.length && !isLiteral[next] && wanted[next] === "any";
    if (isAny) {
      retry = { wanted: ++next, at };
    } else if (next < wanted.length && (isLiteral[next] ? wanted[next] === characters[at] : true)) {
      next++;
      at++;
    } else if (retry !== undefined) {
      retry.at++;
      at = retry.at;
      next = retry.wanted;
    } else return false;
  }
  while (next < wanted.length && !isLiteral[next] && wanted[next] === "any") next++;
  return next === wanted.length;
}
