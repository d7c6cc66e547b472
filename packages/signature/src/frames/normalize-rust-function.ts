import { dropPrefixAndReturnType } from "./drop-prefix-and-return-type.ts";
import type { LineSuffix } from "./line-suffix.ts";
import { evenSpacing } from "./name-spacing.ts";
import { replaceSlices } from "./slices.ts";

/**
 * A Rust function's name as it stands in signatures: no return type, arguments or hash, type parameters as `<T>`.
 * `<A as B>` stays, since it says whose method it is.
 */
export function normalizeRustFunction(name: string, lineSuffix: LineSuffix): string {
  const bare = dropPrefixAndReturnType(name);
  const withoutTypes = replaceSlices(bare, "<", ">", (slice) => (slice.includes(" as ") ? slice : "<T>"));
  const withoutArguments = replaceSlices(withoutTypes, "(", ")", () => "");
  const spaced = evenSpacing(withoutArguments + lineSuffix(withoutArguments));
  return spaced.replace(/::h[0-9a-f]+$/i, "");
}
