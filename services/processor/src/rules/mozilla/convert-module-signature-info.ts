import { isExactNumber } from "@mayday/crash";
import type { Rule } from "../../rule.ts";
import { jsonText } from "../../values/json-text.ts";

/** Clients once sent this annotation as an object where its JSON text is meant. */
export const convertModuleSignatureInfo: Rule = {
  name: "ConvertModuleSignatureInfoRule",
  annotations: ["ModuleSignatureInfo"],
  reads: [],
  writes: [],
  act({ raw }) {
    const { ModuleSignatureInfo: info } = raw;
    if (info === undefined || typeof info === "string") return;
    raw.ModuleSignatureInfo = isExactNumber(info) ? info.rawJSON : jsonText(info);
  },
};
