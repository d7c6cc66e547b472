import type { z } from "zod";

type Shape = Record<string, z.ZodType>;

/** What a service can be told by its environment. */
export interface SettingsDeclaration<S extends Shape = Shape> {
  /** Names of the environment that begin so belong to this service: an unknown one is a typing error. */
  readonly prefix: string;
  readonly shape: S;
}

/** The values of a declaration, read and checked. */
export type Settings<D extends SettingsDeclaration> = {
  readonly [name in keyof D["shape"]]: z.output<D["shape"][name]>;
};

/** Declares a service's settings: its own, named with `prefix`, and shared ones. Each has a description. */
export function declareSettings<S extends Shape>(prefix: string, shape: S): SettingsDeclaration<S> {
  return { prefix, shape };
}
