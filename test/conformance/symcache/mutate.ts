import type { Draw } from "../../mulberry32.ts";

/** What a mutated file may have in place of something else: record words, and numbers at the edge of what is held. */
const TOKENS = [
  "FUNC ",
  "FUNC m ",
  "PUBLIC ",
  "INLINE 0 1 0 0 ",
  "INLINE_ORIGIN 0 ",
  "FILE 0 ",
  "STACK CFI INIT ",
  "STACK CFI ",
  "STACK WIN 4 ",
  "STACK WIN 0 ",
  "MODULE ",
  "INFO CODE_ID ",
  "\n",
  "\r\n",
  "\0",
  " ",
  "0",
  "ffffffff",
  "100000000",
  "1fffffffffffff",
  "ffffffffffffffff",
  "4294967295",
  "-1",
  ".cfa: ",
  ".ra: ",
  "$rsp 8 + ",
  "^ ",
  "\u{1f600}",
].map((text) => Buffer.from(text));

/** A copy of a text in which a few things are changed: bytes, tokens, stretches left out, doubled or moved. */
export function mutated(text: Buffer, draw: Draw): Buffer {
  let bytes = text;
  for (let changes = 1 + draw(6); changes > 0; changes--) bytes = changeOne(bytes, draw);
  return bytes;
}

function changeOne(bytes: Buffer, draw: Draw): Buffer {
  const at = draw(bytes.length + 1);
  const end = Math.min(bytes.length, at + draw(draw(8) === 0 ? 400 : 12));
  const [before, stretch, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (draw(6)) {
    case 0:
      return Buffer.concat([before, Buffer.of(draw(256)), bytes.subarray(Math.min(bytes.length, at + 1))]);
    case 1:
      return Buffer.concat([before, TOKENS[draw(TOKENS.length)]!, after]);
    case 2:
      return Buffer.concat([before, after]);
    case 3:
      return Buffer.concat([before, stretch, stretch, after]);
    case 4:
      return Buffer.concat([after, stretch, before]);
    default:
      return Buffer.concat([before, Buffer.alloc(draw(40), stretch[0] ?? 0x30), after]);
  }
}
