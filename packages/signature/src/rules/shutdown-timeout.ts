import { jsonComplaint } from "../crash-data/json-complaint.ts";
import { isRecord, textOf } from "../crash-data/json-value.ts";
import type { SignatureRule } from "./signature-rule.ts";

/** A shutdown that took too long was killed wherever it stood: the signature names what it waited for instead. */
export const shutdownTimeout: SignatureRule = {
  name: "SignatureShutdownTimeout",
  apply({ crash, signature }) {
    const timeout = crash.async_shutdown_timeout;
    if (!isRecord(timeout) && textOf(timeout) === undefined) return undefined;
    const { parts, note } = timeoutParts(timeout);
    const stomped = `Signature replaced with a Shutdown Timeout signature, was: "${signature}"`;
    return {
      signature: ["AsyncShutdownTimeout", ...parts].join(" | "),
      why: "the shutdown took too long",
      notes: note === undefined ? [stomped] : [note, stomped],
    };
  },
};

/** @param value JSON text, or the object itself: some clients send it so */
function timeoutParts(value: unknown): { parts: string[]; note?: string } {
  const failed = (why: string, ...known: string[]) => ({
    parts: [...known, "UNKNOWN"],
    note: `Error parsing AsyncShutdownTimeout: ${why}`,
  });
  const complaint = typeof value === "string" ? jsonComplaint(value) : undefined;
  if (complaint !== undefined) return failed(complaint);
  const timeout: unknown = typeof value === "string" ? JSON.parse(value) : value;
  if (!isRecord(timeout)) return failed("not an object");
  const phase = typeof timeout["phase"] === "string" ? timeout["phase"] : "(unknown)";
  const conditions = timeout["conditions"];
  if (conditions && !Array.isArray(conditions)) return failed("'conditions' is no list", phase);
  const names: string[] = [];
  for (const condition of (conditions as unknown[] | null) || []) {
    if (isRecord(condition) && !Object.hasOwn(condition, "name")) return failed("'name'", phase);
    names.push(asText(isRecord(condition) ? condition["name"] : condition));
  }
  return { parts: [phase, names.length === 0 ? "(none)" : names.sort(byCodePoint).join(",")] };
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** JavaScript sorts by UTF-16 units; UTF-8 sorts as code points do. */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
