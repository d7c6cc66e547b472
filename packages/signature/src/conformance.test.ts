import { describe, expect, it } from "vitest";
import type { CrashData } from "./crash-data/crash-data.ts";
import { generateSignature } from "./generate-signature.ts";
import { loadSiglists } from "./siglists/load-siglists.ts";
import { hasSharedData, sharedJsonLines, sharedPath } from "./test-support/shared-data.ts";

const cases = "signature-cases/cases.jsonl.gz";
const expected = "signature-cases/expected-socorro-2026-08.jsonl.gz";
const lists = "socorro-siglists";

interface Answer {
  readonly signature: string;
  readonly notes: readonly string[];
  readonly proto_signature: string | null;
}

describe("conformance with Socorro", () => {
  it.skipIf(!hasSharedData(cases, expected, lists))(
    "answers 500 crashes as Socorro of August 2026 does, word for word (needs the shared data: signature-cases, socorro-siglists)",
    async () => {
      const siglists = await loadSiglists(sharedPath(lists));
      const ours = sharedJsonLines<CrashData>(cases).map((crash): Answer => {
        const { signature, notes, protoSignature } = generateSignature(crash, siglists);
        return { signature, notes, proto_signature: protoSignature ?? null };
      });
      const theirs = sharedJsonLines<Answer>(expected).map(({ signature, notes, proto_signature }) => ({
        signature,
        notes,
        proto_signature,
      }));
      expect(theirs).toHaveLength(500);
      expect(ours).toEqual(theirs);
    },
  );
});
