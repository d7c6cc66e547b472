import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { mozillaProductsFile, readProducts } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "mayday-products-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, "products.json");
  writeFileSync(path, text);
  return path;
}

describe("a file of products", () => {
  it("of Mozilla's has their products and the packages of those on Android", () => {
    const { products, packages } = readProducts(mozillaProductsFile);
    expect(products).toEqual([
      "Fenix",
      "Firefox",
      "Firefox Enterprise",
      "Focus",
      "MozillaVPN",
      "ReferenceBrowser",
      "Thunderbird",
    ]);
    expect(Object.keys(packages)).toEqual(["Fenix", "Focus", "ReferenceBrowser"]);
    expect(packages["Focus"]).toContain("org.mozilla.klar");
  });

  it.each([
    ["{", "JSON"],
    ["[]", "record"],
    ['{"Fenix": "org.mozilla.fenix"}', "Fenix"],
    ['{"Fenix": [1]}', "Fenix.0"],
    ['{"": []}', "products.json"],
  ])("with %s is refused when it is loaded, and the message says where", (text, where) => {
    const path = file(text);
    expect(() => readProducts(path)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    expect(() => readProducts(path)).toThrow(where);
  });

  it("that is not there is refused", () => {
    expect(() => readProducts(join(folder, "none.json"))).toThrow("none.json");
  });
});
