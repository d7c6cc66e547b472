import { secrecyOf } from "./describe.ts";
import type { Settings, SettingsDeclaration } from "./settings.ts";

/** The settings in force, fit for a log: secrets are masked because they are declared secret, not by their name. */
export function maskedSettings<D extends SettingsDeclaration>(
  declaration: D,
  settings: Settings<D>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(declaration.shape).map(([name, type]) => {
      const value = settings[name as keyof Settings<D>];
      const secrecy = secrecyOf(type);
      if (secrecy === "password") return [name, withoutPassword(String(value))];
      return [name, secrecy === "whole" && value !== "" ? "***" : value];
    }),
  );
}

/** An address without the password in it: all between the user and the last `@` before the path. */
export function withoutPassword(address: string): string {
  return address.replace(/^([a-z+]+:\/\/)([^/@:]*):[^/]*@/, "$1$2:***@");
}
