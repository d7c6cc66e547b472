import type { ProcessedCrash } from "./processed-crash.ts";
import { SCHEMA_VERSION } from "./schema-version.ts";

type Stored = Readonly<Record<string, unknown>>;

/** By the version they begin with, each one step up. */
const steps: Readonly<Record<number, (stored: Stored) => Stored>> = {
  // Until then the steps of the signature stood as JSON in the field that has Socorro's words, and an unknown
  // proto signature was empty instead of absent.
  1: ({ signature_debug, proto_signature, ...rest }) => {
    const steps = parsedList(signature_debug);
    return {
      ...rest,
      ...(proto_signature === "" || proto_signature === undefined ? {} : { proto_signature }),
      ...(steps === undefined ? {} : { signature_steps: steps }),
      ...(steps === undefined && signature_debug !== undefined ? { signature_debug } : {}),
      schema_version: 2,
    };
  },
};

/**
 * A processed crash of any version that was ever written, as the newest has it. Documents of no version are of the first,
 * Socorro's among them; those of a later version than this code knows are left as they are.
 */
export function upgradeProcessedCrash(stored: Stored): ProcessedCrash {
  let document = stored;
  const { schema_version: written } = stored;
  let version = typeof written === "number" ? written : 1;
  for (; version < SCHEMA_VERSION; version++) document = steps[version]!(document);
  return document as ProcessedCrash;
}

function parsedList(text: unknown): readonly unknown[] | undefined {
  if (typeof text !== "string" || !text.startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
