import type { AsRead, FrameJson, InlineJson, ThreadJson } from "@mayday/crash";
import { type SourceLinks, type SourceLocation, sourceLocation } from "@mayday/symbols";
import { shortHex } from "./format.ts";
import { indexOf, recordOf, recordsOf, textOf } from "./stored-json.ts";

/** A row of a stack as a page shows it. */
export type StackRow =
  | {
      readonly kind: "call";
      /** The number of the physical frame, which its inlined calls share. */
      readonly frame: string;
      readonly module: string;
      /** The function, or where the instruction is when there are no symbols for it. */
      readonly name: string;
      readonly hasSymbols: boolean;
      readonly source: SourceLocation | undefined;
      /** How the frame was found; `inlined` for a call that has no frame of its own. */
      readonly trust: string;
      /** Module and offset of the instruction. */
      readonly place: string;
    }
  | { readonly kind: "gap"; readonly message: string };

/**
 * The rows of a thread, top of the stack first: inlined calls, innermost first, then the frame they are in.
 * @param links where sources are looked at; with `null` rows go without sources, which are most of the work
 */
export function stackRows(thread: AsRead<ThreadJson>, links?: SourceLinks | null): StackRow[] {
  return recordsOf(thread["frames"]).flatMap((frame, index) => rowsOfFrame(frame, index, links));
}

function rowsOfFrame(
  frame: AsRead<FrameJson>,
  index: number,
  links: SourceLinks | null | undefined,
): StackRow[] {
  const { truncated } = frame;
  if (truncated !== undefined && truncated !== null) {
    return [{ kind: "gap", message: textOf(recordOf(truncated)["msg"]) || "frames left out" }];
  }
  const shared = {
    kind: "call",
    frame: textOf(frame["frame"] ?? index),
    module: textOf(frame["module"]),
    place: placeOf(frame),
  } as const;
  const inlined = recordsOf(frame["inlines"]).map(
    (call): StackRow => ({ ...shared, ...calledOf(call, links), trust: "inlined" }),
  );
  return [...inlined, { ...shared, ...calledOf(frame, links, shared.place), trust: textOf(frame["trust"]) }];
}

function calledOf(call: AsRead<InlineJson>, links: SourceLinks | null | undefined, otherwise = "(unknown)") {
  const name = textOf(call["function"]);
  return {
    name: name || otherwise,
    hasSymbols: name !== "",
    source: links === null ? undefined : sourceLocation(textOf(call["file"]), indexOf(call["line"]), links),
  };
}

/** `module + offset`; the unloaded modules that were there, or the bare address, when no module is. */
function placeOf(frame: AsRead<FrameJson>): string {
  const module = textOf(frame["module"]);
  if (module !== "") return `${module} + ${shortHex(textOf(frame["module_offset"]))}`;
  const unloaded = recordsOf(frame["unloaded_modules"]).map((was) => {
    const offsets = Array.isArray(was["offsets"]) ? was["offsets"].map((at) => shortHex(textOf(at))) : [];
    return `(unloaded) ${textOf(was["module"])} + ${offsets.join(", ")}`;
  });
  return unloaded.length === 0 ? shortHex(textOf(frame["offset"])) || "(unknown)" : unloaded.join("; ");
}
