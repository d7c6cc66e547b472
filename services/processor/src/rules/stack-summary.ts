import { crashingFrames, dumpOf, type JsonFrame } from "../json-dump.ts";
import type { Rule } from "../rule.ts";

/** The topmost source file of the crashing stack, inlined calls first. */
export const topmostFilenames: Rule = {
  name: "TopMostFiles",
  act({ processed }) {
    const files = crashingFrames(processed).flatMap((frame) => [
      ...(frame.inlines ?? []).map((inline) => inline.file),
      frame.file,
    ]);
    processed.topmost_filenames = files.find((file) => typeof file === "string" && file !== "") ?? null;
  },
};

/** The modules of the crashing stack as `file/debug id`, so that crashes which need a module's symbols can be found. */
export const modulesInStack: Rule = {
  name: "ModulesInStack",
  act({ processed }) {
    const onStack = new Set(crashingFrames(processed).map((frame: JsonFrame) => frame.module));
    const modules = (dumpOf(processed).modules ?? []).filter(
      ({ filename, debug_id }) => onStack.has(filename) && debug_id,
    );
    processed.modules_in_stack = joined(modules.map(({ filename, debug_id }) => `${filename}/${debug_id}`));
  },
};

/** The modules whose symbols were looked for in vain, as `file/version/debug id/code id`. */
export const missingSymbols: Rule = {
  name: "MissingSymbols",
  act({ processed }) {
    const missing = (dumpOf(processed).modules ?? []).filter((module) => module.missing_symbols);
    processed.missing_symbols = joined(
      missing.map(({ filename, version, debug_id, code_id }) =>
        [filename, version || "None", debug_id || "None", ...(code_id ? [code_id] : [])].join("/"),
      ),
    );
  },
};

function joined(names: readonly string[]): string {
  return [...new Set(names)].sort().join(";");
}
