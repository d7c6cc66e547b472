type Decoder = InstanceType<typeof TextDecoder>;

/** By so many first bytes an encoding is known. */
const HEAD_BYTES = 4;

/** Encodings that are not plain UTF-8, by the first bytes of a text: a mark, or the M of MODULE in two bytes. */
const ENCODINGS: readonly { readonly head: Buffer; readonly markBytes: number; readonly encoding: string }[] =
  [
    { head: Buffer.of(0xef, 0xbb, 0xbf), markBytes: 3, encoding: "utf-8" },
    { head: Buffer.of(0xff, 0xfe), markBytes: 2, encoding: "utf-16le" },
    { head: Buffer.of(0xfe, 0xff), markBytes: 2, encoding: "utf-16be" },
    { head: Buffer.of(0x4d, 0, 0x4f, 0), markBytes: 0, encoding: "utf-16le" },
    { head: Buffer.of(0, 0x4d, 0, 0x4f), markBytes: 0, encoding: "utf-16be" },
  ];

/** Whether a text begins as plain UTF-8 does: neither with a mark nor in two bytes a character. */
export function isPlainText(head: Uint8Array): boolean {
  return encodingOf(Buffer.from(head)) === undefined;
}

/**
 * A symbol file's text as plain UTF-8: PowerShell's `>` writes UTF-16 with a mark, and some editors put a mark before
 * UTF-8. Any other bytes pass as they are.
 */
export async function* utf8Text(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let decoder: Decoder | undefined;
  for await (const piece of bytes) {
    let rest = piece;
    if (head !== undefined) {
      head = Buffer.concat([head, piece]);
      if (head.length < HEAD_BYTES) continue;
      ({ decoder, rest } = begun(head));
      head = undefined;
    }
    yield decoder === undefined ? rest : Buffer.from(decoder.decode(rest, { stream: true }));
  }
  // A text that is shorter than any head.
  if (head !== undefined && head.length > 0) yield begun(head).rest;
}

function begun(head: Buffer): { decoder: Decoder | undefined; rest: Uint8Array } {
  const found = encodingOf(head);
  if (found === undefined) return { decoder: undefined, rest: head };
  const decoder =
    found.encoding === "utf-8" ? undefined : new TextDecoder(found.encoding, { ignoreBOM: true });
  return { decoder, rest: head.subarray(found.markBytes) };
}

function encodingOf(start: Buffer) {
  return ENCODINGS.find(({ head }) => start.subarray(0, head.length).equals(head));
}
