/** Text as forms encode it, decoded: `+` is a blank. What is badly encoded stays, and bytes that are no UTF-8 are U+FFFD. */
export function urlDecoded(text: string): string {
  return text
    .replaceAll("+", " ")
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) => decoded(Buffer.from(run.replaceAll("%", ""), "hex")));
}

function decoded(bytes: Buffer): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
