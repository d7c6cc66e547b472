import { rule } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";

/** Which plugin a plugin's process ran. */
export const plugin = rule({
  name: "PluginRule",
  annotations: ["ProcessType", "PluginFilename", "PluginName", "PluginVersion"],
  writes: ["plugin_filename", "plugin_name", "plugin_version"],
  act({ raw, processed }) {
    if (raw.ProcessType !== "plugin") return;
    processed.plugin_filename = annotationText(raw.PluginFilename) ?? "";
    processed.plugin_name = annotationText(raw.PluginName) ?? "";
    processed.plugin_version = annotationText(raw.PluginVersion) ?? "";
  },
});
