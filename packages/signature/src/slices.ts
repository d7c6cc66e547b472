/**
 * Replaces each outermost slice of a text: what is between two tokens of one pair, such as `<` and `>`, tokens
 * included. A slice that is never closed runs to the text's end; a closing token with nothing open is plain. Only
 * one pair is counted, so in `f<a->b>` the arrow closes the slice: Socorro's signatures are cut so, and to differ
 * would split every group of crashes. Time is linear in the text.
 * @param replace gets the slice, the plain text between it and the slice before, and whether the slice was closed
 */
export function replaceSlices(
  text: string,
  open: string,
  close: string,
  replace: (slice: string, before: string, closed: boolean) => string,
): string {
  let result = "";
  let at = 0;
  for (let start = text.indexOf(open); start >= 0; start = text.indexOf(open, at)) {
    const end = sliceEnd(text, start, open, close);
    const before = text.slice(at, start);
    result += before + replace(text.slice(start, end), before, end !== undefined);
    at = end ?? text.length;
  }
  return result + text.slice(at);
}

/** Where the slice that opens at `start` ends; undefined when it is never closed. */
function sliceEnd(text: string, start: number, open: string, close: string): number | undefined {
  const [opener, closer] = [open.charCodeAt(0), close.charCodeAt(0)];
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === opener) depth++;
    else if (character === closer && --depth === 0) return at + 1;
  }
  return undefined;
}
