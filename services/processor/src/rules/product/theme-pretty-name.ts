import { rule } from "../../rule.ts";

const DEFAULT_THEME = "{972ce4c6-7e08-4474-a285-3208198ce6fd}";

/** Tells readers that the extension most crashes have is Firefox' own theme. */
export const themePrettyName = rule({
  name: "ThemePrettyNameRule",
  reads: ["addons"],
  writes: ["addons"],
  act({ processed }) {
    if (processed.addons === undefined) return;
    processed.addons = processed.addons.map((addon) => {
      if (addon === DEFAULT_THEME) return `${DEFAULT_THEME} (default theme)`;
      return addon.startsWith(`${DEFAULT_THEME}:`)
        ? addon.replace(DEFAULT_THEME, `${DEFAULT_THEME} (default theme)`)
        : addon;
    });
  },
});
