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

/** Where the slice that opens at `start` ends; undefined when it is never closed. Jumps from bracket to bracket. */
function sliceEnd(text: string, start: number, open: string, close: string): number | undefined {
  let depth = 1;
  let nextOpen = text.indexOf(open, start + 1);
  let nextClose = text.indexOf(close, start + 1);
  while (nextClose >= 0) {
    if (nextOpen >= 0 && nextOpen < nextClose) {
      depth++;
      nextOpen = text.indexOf(open, nextOpen + 1);
    } else {
      depth--;
      if (depth === 0) return nextClose + 1;
      nextClose = text.indexOf(close, nextClose + 1);
    }
  }
  return undefined;
}
