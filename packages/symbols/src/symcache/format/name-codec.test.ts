import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { NameCodec } from "./name-codec.ts";

const bytes = (text: string) => Buffer.from(text);

const names = Array.from(
  { length: 400 },
  (_, i) => `mozilla::dom::Element${i % 7}::Get${i}(nsTSubstring<char16_t> const&, mozilla::ErrorResult&)`,
);

function roundTrip(codec: NameCodec, name: Uint8Array): string {
  const out = new ByteWriter(1);
  codec.encode(name, out);
  return codec.decode(out.view(), 0, out.length);
}

describe("a name codec", () => {
  const codec = NameCodec.learn(names.map(bytes));

  it("gives back what it was given, learned from or not", () => {
    for (const name of [...names, "", "x", "größe::😀", "\u0000\u0001", "a".repeat(100_000)]) {
      expect(roundTrip(codec, bytes(name))).toBe(name);
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(roundTrip(codec, bytes(name))).toBe(name);
      }),
    );
  });

  it("shrinks names like those it has learned from to a third at least", () => {
    const out = new ByteWriter();
    for (const name of names) codec.encode(bytes(name), out);
    expect(out.length * 3).toBeLessThan(names.join("").length);
  });

  it("is the same once it was written and read", () => {
    const table = new ByteWriter();
    codec.write(table);
    const read = NameCodec.read(new ByteReader().start(table.view()));
    const [before, after] = [new ByteWriter(), new ByteWriter()];
    for (const name of names) {
      codec.encode(bytes(name), before);
      read.encode(bytes(name), after);
    }
    expect(after.view()).toEqual(before.view());
  });

  it("of few names leaves them as they are, each byte behind a mark", () => {
    expect(roundTrip(NameCodec.learn([bytes("f"), bytes("g")]), bytes("main"))).toBe("main");
  });

  it("answers something to bytes that it did not make", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (encoded) => {
        expect(codec.decode(encoded, 0, encoded.length).length).toBeLessThanOrEqual(8 * encoded.length);
      }),
    );
  });
});
