import { describe, expect, it } from "vitest";
import { SCHEMA_VERSION, upgradeProcessedCrash } from "../index.ts";

const steps = [{ kind: "taken", name: "f" }];
/** A document of each version that was ever written, and what it is today. */
const documents: readonly (readonly [number, object, object])[] = [
  [
    1,
    {
      uuid: "x",
      signature: "f",
      proto_signature: "",
      signature_debug: JSON.stringify(steps),
      product: "Teapot",
    },
    { uuid: "x", signature: "f", signature_steps: steps, product: "Teapot", schema_version: 2 },
  ],
  [
    2,
    {
      uuid: "x",
      signature: "f",
      proto_signature: "f | g",
      signature_debug: "a: b",
      signature_steps: steps,
      schema_version: 2,
    },
    {
      uuid: "x",
      signature: "f",
      proto_signature: "f | g",
      signature_debug: "a: b",
      signature_steps: steps,
      schema_version: 2,
    },
  ],
];

describe("a processed crash that was stored", () => {
  it.each(documents)("in version %i is read as one of today", (_version, stored, today) => {
    expect(upgradeProcessedCrash(stored as Record<string, unknown>)).toEqual(today);
  });

  it("is known in every version there was", () => {
    expect(documents.map(([version]) => version)).toEqual(
      Array.from({ length: SCHEMA_VERSION }, (_, i) => i + 1),
    );
  });

  it("by Socorro keeps its own words about the signature", () => {
    const debug = "SignatureGenerationRule: using CSignatureTool";
    const read = upgradeProcessedCrash({ signature_debug: debug, proto_signature: "f" });
    expect(read).toEqual({ signature_debug: debug, proto_signature: "f", schema_version: 2 });
  });

  it("by a later version is left as it is", () => {
    const later = { schema_version: 99, signature_debug: "[]" };
    expect(upgradeProcessedCrash(later)).toEqual(later);
  });
});
