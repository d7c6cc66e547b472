import { listOf, recordOf, textOf } from "./json-value.ts";
import { normalizeCppFunction } from "./normalize-cpp-function.ts";
import { normalizeRustFunction } from "./normalize-rust-function.ts";
import { fullRustName } from "./rust-panic-names.ts";
import type { Siglist } from "./siglist.ts";
import { lastPathPart, sourcePath } from "./source-file.ts";

/**
 * A frame as one text, by the best that is known of it: its function, else `file#line`, else its module, else
 * `(unloaded module)`, else `@0xaddress`, else nothing.
 * @param lowerCaseModules Windows tells module names apart by no case, so neither do signatures
 * @param lineNumbers functions whose line number is part of the text
 */
export function normalizeFrame(
  frame: Readonly<Record<string, unknown>>,
  lowerCaseModules: boolean,
  lineNumbers: Siglist,
): string {
  const { line } = frame;
  const file = textOf(frame["file"]);
  const name = textOf(frame["function"]);
  if (name !== undefined) return normalizeFunction(name, file, line, lineNumbers);
  if (file !== undefined && (textOf(line) !== undefined || (typeof line === "number" && line !== 0)))
    return `${lastPathPart(file)}#${line}`;
  const module = textOf(frame["module"]);
  if (module !== undefined) return withoutBrackets(lowerCaseModules ? module.toLowerCase() : module);
  const unloaded = listOf(frame["unloaded_modules"])[0];
  if (unloaded !== undefined) return `(unloaded ${textOf(recordOf(unloaded)["module"]) ?? ""})`;
  const address = textOf(frame["offset"]);
  return address === undefined ? "" : `@${withoutLeadingZeros(address)}`;
}

function normalizeFunction(
  name: string,
  file: string | undefined,
  line: unknown,
  lineNumbers: Siglist,
): string {
  const path = file === undefined ? undefined : sourcePath(file);
  const lineSuffix = (text: string) => (lineNumbers(text) === undefined ? "" : `:${line ?? "None"}`);
  const normalize = path?.endsWith(".rs") ? normalizeRustFunction : normalizeCppFunction;
  return normalize(fullRustName(name, path), lineSuffix);
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
function withoutLeadingZeros(address: string): string {
  if (!/^(?:0x)?[0-9a-f]+$/i.test(address)) return address;
  const digits = address.toLowerCase().replace(/^0x/, "");
  return `0x${digits.replace(/^0+(?=.)/, "")}`;
}
