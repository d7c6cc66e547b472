import type { z } from "zod";
import type { SettingsDeclaration } from "./settings.ts";

export interface Row {
  readonly name: string;
  readonly fallback: string;
  readonly description: string;
}

/** A row per setting for docs/config.md. */
export function settingRows(declaration: SettingsDeclaration): Row[] {
  return Object.entries(declaration.shape).map(([name, type]) => ({
    name,
    fallback: secrecyOf(type) === "whole" ? "(secret)" : defaultOf(type),
    description: type.description ?? "",
  }));
}

export function isSecret(type: z.ZodType): boolean {
  return secrecyOf(type) !== undefined;
}

/** `whole`: nobody may see it. `password`: it is an address, with a password within perhaps. */
export function secrecyOf(type: z.ZodType): "whole" | "password" | undefined {
  const secret = type.meta()?.["secret"];
  if (secret === "password") return secret;
  return secret === true ? "whole" : undefined;
}

/** What an empty environment gives, as it would be written there. */
function defaultOf(type: z.ZodType): string {
  const parsed = type.safeParse(undefined);
  if (!parsed.success) return "(required)";
  if (parsed.data === undefined) return "";
  if (typeof parsed.data === "boolean") return parsed.data ? "1" : "0";
  if (parsed.data instanceof Map)
    return [...parsed.data].map(([name, value]) => `${name}=${value}`).join(",");
  return String(parsed.data);
}
