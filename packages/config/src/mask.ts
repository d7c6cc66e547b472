import { isSecret } from "./describe.ts";
import type { Settings, SettingsDeclaration } from "./settings.ts";

/** The settings in force, fit for a log: secrets are masked because they are declared secret, not by their name. */
export function maskedSettings<D extends SettingsDeclaration>(
  declaration: D,
  settings: Settings<D>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(declaration.shape).map(([name, type]) => {
      const value = settings[name as keyof Settings<D>];
      return [name, isSecret(type) && value !== "" ? "***" : value];
    }),
  );
}
