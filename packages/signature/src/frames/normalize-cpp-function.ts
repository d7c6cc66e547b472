import { dropPrefixAndReturnType } from "./drop-prefix-and-return-type.ts";
import type { LineSuffix } from "./line-suffix.ts";
import { evenSpacing } from "./name-spacing.ts";
import { replaceSlices } from "./slices.ts";

/** `IPC::ParamTraits<` may nest in a hostile name as often as fits; real ones nest twice. */
const MAX_PARAM_TRAITS = 16;

/**
 * A C or C++ function's name as it stands in signatures: no qualifiers, return type and arguments, template
 * arguments as `<T>`, and what compilers number or choose differently from build to build made equal.
 */
export function normalizeCppFunction(name: string, lineSuffix: LineSuffix): string {
  const unqualified = withoutQualifiers(name);
  // `Heap<T>::operator Foo const&` is one name although it has blanks.
  const bare = unqualified.includes("::operator") ? unqualified : dropPrefixAndReturnType(unqualified);
  const stable = withoutLambdaNumbers(withPlainAnonymousNamespace(bare));
  const withoutArguments = collapseArguments(collapseTemplates(stable, MAX_PARAM_TRAITS));
  const whole = withoutColdMark(withoutArguments);
  return evenSpacing(whole + lineSuffix(whole));
}

/** Each is cut once, in this order. */
function withoutQualifiers(name: string): string {
  if (!name.endsWith("const") && !name.endsWith("&")) return name;
  let rest = name;
  for (const qualifier of ["const", "const&", "const &", "&&", "&"]) {
    if (rest.endsWith(qualifier)) rest = rest.slice(0, -qualifier.length).trim();
  }
  return rest;
}

/** MSVC writes it in its own way. */
function withPlainAnonymousNamespace(name: string): string {
  return name.includes("`") ? name.replaceAll("`anonymous namespace'", "(anonymous namespace)") : name;
}

/** clang numbers the lambdas of a file. */
function withoutLambdaNumbers(name: string): string {
  return name.includes("::$_") ? name.replace(/::\$_\d+::/g, "::$::") : name;
}

function collapseTemplates(name: string, paramTraitsLeft: number): string {
  return replaceSlices(name, "<", ">", (slice, before, closed) => {
    if (keepsTemplate(slice, before)) return slice;
    // Which message's traits they are is what tells such crashes apart.
    if (before.endsWith("IPC::ParamTraits") && paramTraitsLeft > 0) {
      const inner = slice.slice(1, closed ? -1 : undefined);
      return `<${collapseTemplates(inner, paramTraitsLeft - 1)}${closed ? ">" : ""}`;
    }
    return "<T>";
  });
}

/** `operator<` and `operator<=>` open no template; ` as ` and ` in ` are Rust's, in files not known as Rust. */
function keepsTemplate(slice: string, before: string): boolean {
  if (slice === "<name omitted>" || before.endsWith("operator")) return true;
  return slice.includes(" as ") || slice.includes(" in ");
}

function collapseArguments(name: string): string {
  return replaceSlices(name, "(", ")", (slice, before) =>
    slice === "(anonymous namespace)" || before.endsWith("operator") ? slice : "",
  );
}

/** GCC splits the unlikely part of a function off as `f() [clone .cold.1]`: the same function to a reader. */
function withoutColdMark(name: string): string {
  return name.includes("clone .cold") ? replaceSlices(name, "[", "]", () => "") : name;
}
