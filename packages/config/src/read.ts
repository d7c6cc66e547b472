import { z } from "zod";
import { ConfigError } from "./config-error.ts";
import type { Settings, SettingsDeclaration } from "./settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of `declaration` from `environment`. An empty value counts as unset.
 * @throws {ConfigError} naming every setting that is wrong, and every name that looks like one and is none
 */
export function readSettings<D extends SettingsDeclaration>(
  declaration: D,
  environment: Environment,
): Settings<D> {
  const { prefix, shape } = declaration;
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value !== "");
  const mine = given.filter(([name]) => name.startsWith(prefix) || Object.hasOwn(shape, name));
  const parsed = z.strictObject(shape).safeParse(Object.fromEntries(mine));
  if (!parsed.success) throw new ConfigError(parsed.error.issues.flatMap(problemsOf));
  return parsed.data as Settings<D>;
}

/**
 * Checks all that one environment tells several parts, before any of them starts.
 * @throws {ConfigError} naming everything that is wrong, each once
 */
export function checkSettings(declarations: readonly SettingsDeclaration[], environment: Environment): void {
  const problems = new Set<string>();
  for (const declaration of declarations) {
    try {
      readSettings(declaration, environment);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const problem of error.problems) problems.add(problem);
    }
  }
  if (problems.size > 0) throw new ConfigError([...problems]);
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${key} is not a setting`);
  return [`${issue.path.join(".")}: ${issue.message}`];
}
