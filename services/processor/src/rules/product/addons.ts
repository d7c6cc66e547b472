import { rule } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";
import { urlDecoded } from "../../values/url-decoded.ts";

/** The extensions, and whether they were checked for compatibility. */
export const addons = rule({
  name: "AddonsRule",
  annotations: ["Add-ons", "EMCheckCompatibility"],
  writes: ["addons", "addons_checked"],
  act({ raw, processed, notes }) {
    const { EMCheckCompatibility: checked } = raw;
    processed.addons_checked =
      checked === undefined ? null : annotationText(checked)?.toLowerCase() === "true";
    const list = raw["Add-ons"];
    if (list === undefined || list === "") processed.addons = [];
    else if (typeof list === "string") processed.addons = list.split(",").map(addon);
    else notes.push("Add-ons has a non-string value");
  },
});

/** `id:version`, decoded. The version is looked for before decoding: an id may have a colon that was encoded. */
function addon(text: string): string {
  return urlDecoded(text.includes(":") ? text : `${text}:NO_VERSION`);
}
