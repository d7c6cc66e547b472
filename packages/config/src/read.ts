import { readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError } from "./config-error.ts";
import { isSecret } from "./describe.ts";
import type { Settings, SettingsDeclaration } from "./settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of `declaration` from `environment`. An empty value counts as unset. What may hold a secret may also
 * be given as `<name>_FILE`: the file that holds it, as Docker and Kubernetes hand secrets on.
 * @throws {ConfigError} naming every setting that is wrong, and every name that looks like one and is none
 */
export function readSettings<D extends SettingsDeclaration>(
  declaration: D,
  environment: Environment,
): Settings<D> {
  const { prefix, shape } = declaration;
  const { values, problems } = withSecretsOfFiles(shape, environment);
  if (problems.length > 0) throw new ConfigError(problems);
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
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

/** The environment with the secrets that files hold in place of the files' names. */
function withSecretsOfFiles(
  shape: SettingsDeclaration["shape"],
  environment: Environment,
): { values: Environment; problems: string[] } {
  const values: Record<string, string | undefined> = { ...environment };
  const problems: string[] = [];
  for (const [name, type] of Object.entries(shape)) {
    const fileName = `${name}_FILE`;
    const path = environment[fileName];
    if (!isSecret(type) || path === undefined || path === "") continue;
    delete values[fileName];
    if (environment[name]) problems.push(`${name} and ${fileName}: only one of them can be given`);
    else {
      try {
        // Editors and `echo` end files with a line feed.
        values[name] = readFileSync(path, "utf8").replace(/\r?\n$/, "");
      } catch (error) {
        problems.push(`${fileName}: the file cannot be read: ${(error as NodeJS.ErrnoException).code}`);
      }
    }
  }
  return { values, problems };
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${key} is not a setting`);
  return [`${issue.path.join(".")}: ${issue.message}`];
}
