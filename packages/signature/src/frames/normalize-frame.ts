import { listOf, recordOf, textOf } from "../crash-data/json-value.ts";
import { boundedMemo, MAX_KEY_LENGTH, ownCopy } from "../siglists/bounded-memo.ts";
import type { Siglist } from "../siglists/siglist.ts";
import type { FrameSource, FrameText } from "./frame-text.ts";
import { improvedName } from "./improved-name.ts";
import type { LineSuffix } from "./line-suffix.ts";
import { normalizeCppFunction } from "./normalize-cpp-function.ts";
import { normalizeRustFunction } from "./normalize-rust-function.ts";
import { fullRustName } from "./rust-panic-names.ts";
import { lastPathPart, sourcePath } from "./source-file.ts";

/**
 * A frame as one text, by the best that is known of it: its function, else `file#line`, else its module, else
 * `(unloaded module)`, else `@0xaddress`, else nothing.
 * @param lowerCaseModules Windows tells module names apart by no case, so neither do signatures
 * @param improved whether names are mended before Socorro's rules are applied to them
 */
export type NormalizeFrame = (
  frame: Readonly<Record<string, unknown>>,
  lowerCaseModules: boolean,
  improved?: boolean,
) => FrameText;

/** Functions whose names are remembered, of C++ and of Rust. */
const MEMO_CAPACITY = 16_384;

/** @param lineNumbers functions whose line number is part of the text */
export function frameNormalizer(lineNumbers: Siglist): NormalizeFrame {
  const cpp = functionNormalizer("C++ function", normalizeCppFunction, lineNumbers);
  const rust = functionNormalizer("Rust function", normalizeRustFunction, lineNumbers);
  const improve = boundedMemo((name) => improvedName(name), MEMO_CAPACITY);
  const normalize: NormalizeFrame = (frame, lowerCaseModules) => {
    const file = textOf(frame["file"]);
    const name = textOf(frame["function"]);
    if (name === undefined) return withoutFunction(frame, file, lowerCaseModules);
    const path = file?.includes(".rs") ? sourcePath(file) : undefined;
    if (!path?.endsWith(".rs")) return cpp(name, frame["line"]);
    const fullName = fullRustName(name, path);
    const known = rust(fullName, frame["line"]);
    return fullName === name ? known : { ...known, from: name };
  };
  return (frame, lowerCaseModules, improved = false) => {
    const name = improved ? textOf(frame["function"]) : undefined;
    if (name === undefined) return normalize(frame, lowerCaseModules);
    const better = textOf(frame["file"])?.endsWith(".swift") ? improvedName(name, true) : improve(name);
    if (better.by.length === 0) return normalize(frame, lowerCaseModules);
    const made = better.isWhole
      ? frameText(better.name, "C++ function", name)
      : normalize({ ...frame, function: better.name }, lowerCaseModules);
    return { ...made, text: better.restore(made.text), from: name, improved: better.by };
  };
}

/** Each distinct name is normalised once, unless it needs a line number. */
function functionNormalizer(
  source: FrameSource,
  normalize: (name: string, lineSuffix: LineSuffix) => string,
  lineNumbers: Siglist,
): (name: string, line: unknown) => FrameText {
  const remembered = boundedMemo((name): FrameText => {
    let lineNumber: ReturnType<Siglist>;
    const text = normalize(name, (listed) => {
      lineNumber = lineNumbers(listed);
      return "";
    });
    const made = frameText(text, source, name);
    return lineNumber === undefined ? made : { ...made, lineNumber };
  }, MEMO_CAPACITY);
  return (name, line) => {
    const known = remembered(name);
    if (known.lineNumber === undefined) return known;
    return { ...known, text: normalize(name, () => `:${line ?? "None"}`), from: name };
  };
}

function withoutFunction(
  frame: Readonly<Record<string, unknown>>,
  file: string | undefined,
  lowerCaseModules: boolean,
): FrameText {
  const { line } = frame;
  if (file !== undefined && (textOf(line) !== undefined || (typeof line === "number" && line !== 0)))
    return frameText(`${lastPathPart(file)}#${line}`, "file and line", file);
  const module = textOf(frame["module"]);
  if (module !== undefined)
    return frameText(withoutBrackets(lowerCaseModules ? module.toLowerCase() : module), "module", module);
  const unloaded = listOf(frame["unloaded_modules"])[0];
  if (unloaded !== undefined)
    return { text: `(unloaded ${textOf(recordOf(unloaded)["module"]) ?? ""})`, source: "unloaded module" };
  const address = textOf(frame["offset"]);
  return address === undefined
    ? { text: "", source: "nothing" }
    : frameText(`@${withoutLeadingZeros(address)}`, "address", address);
}

function frameText(text: string, source: FrameSource, from: string): FrameText {
  if (text === from) return { text, source };
  return { text: from.length > MAX_KEY_LENGTH ? ownCopy(text) : text, source, from };
}

/** Linux has modules that are no files, such as `[vdso]`. */
function withoutBrackets(module: string): string {
  let start = 0;
  let end = module.length;
  while (start < end && "[]".includes(module[start]!)) start++;
  while (end > start && "[]".includes(module[end - 1]!)) end--;
  return module.slice(start, end);
}

/** Text that is no hexadecimal number stays as it is. */
export function withoutLeadingZeros(address: string): string {
  if (!/^(?:0x)?[0-9a-f]+$/i.test(address)) return address;
  const digits = address.toLowerCase().replace(/^0x/, "");
  return `0x${digits.replace(/^0+(?=.)/, "")}`;
}
