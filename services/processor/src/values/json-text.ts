import { isExactNumber } from "@mayday/crash";

/**
 * JSON text as Socorro stores it in text fields, where people search it: blanks behind `,` and `:`, all but ASCII as
 * `\uXXXX`, numbers as Python writes them.
 * @param value numbers with a fraction or exponent that JavaScript would write otherwise are ExactNumbers
 */
export function jsonText(value: unknown, options: { readonly sortKeys?: boolean } = {}): string {
  if (typeof value === "number" || isExactNumber(value)) return numberText(value);
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item, options)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    if (options.sortKeys) entries.sort(([a], [b]) => byCodePoint(a, b));
    return `{${entries.map(([key, inner]) => `${quoted(key)}: ${jsonText(inner, options)}`).join(", ")}}`;
  }
  return typeof value === "string" ? quoted(value) : String(value);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function numberText(value: number | { readonly rawJSON: string }): string {
  const source = isExactNumber(value) ? value.rawJSON : String(value);
  return /[.eE]/.test(source) ? floatText(Number(source)) : source === "-0" ? "0" : source;
}

/** As Python's `repr`: `1.0`, `1e-07`, `1e+22`. */
function floatText(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}
