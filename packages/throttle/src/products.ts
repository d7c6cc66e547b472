import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MaydayError } from "@mayday/errors";
import { z } from "zod";
import type { ThrottleContext } from "./throttle-rule.ts";

/** Which products' reports are taken, and of which Android packages. */
export type Products = Pick<ThrottleContext, "products" | "packages">;

/** The list with which Mozilla's rules decide there. */
export const mozillaProductsFile = fileURLToPath(new URL("../products/mozilla.json", import.meta.url));

const shape = z.record(z.string().min(1), z.array(z.string().min(1)));

/**
 * Reads a file of products: an object of product name to the Android package names that are its own; an empty list takes
 * any. An empty object takes all products.
 * @throws {MaydayError} CONFIG_INVALID naming the file and what is wrong in it
 */
export function readProducts(path: string): Products {
  const parsed = shape.safeParse(readJson(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new MaydayError("CONFIG_INVALID", `${path}: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const listed = Object.entries(parsed.data);
  return {
    products: listed.map(([product]) => product),
    packages: Object.fromEntries(listed.filter(([, packages]) => packages.length > 0)),
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new MaydayError("CONFIG_INVALID", `${path}: ${(error as Error).message}`, { cause: error });
  }
}
