import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commonNames, readAnnotationNames, withOurNames } from "./annotation-names.ts";

const folder = mkdtempSync(join(tmpdir(), "mayday-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

function renamed(annotations: Record<string, string>, names = commonNames) {
  const report = withOurNames(
    { annotations, dumps: new Map(), attachments: {}, payload: "multipart", notes: [] },
    names,
  );
  return { annotations: { ...report.annotations }, notes: report.notes };
}

describe("annotation names", () => {
  it("of Crashpad and Breakpad are understood, and kept", () => {
    const crashpad = { prod: "Chrome", ver: "156.0", plat: "Linux", guid: "g" };
    expect(renamed(crashpad)).toEqual({
      annotations: { ...crashpad, ProductName: "Chrome", Version: "156.0", OS: "Linux" },
      notes: ["took ProductName from prod", "took Version from ver", "took OS from plat"],
    });
  });

  it("of Electron are the application's, not Electron's", () => {
    const electron = { prod: "Electron", ver: "40.1.0", _productName: "Teapot", _version: "1.4.0" };
    expect(renamed({ ...electron, process_type: "renderer" }).annotations).toMatchObject({
      ProductName: "Teapot",
      Version: "1.4.0",
      ProcessType: "renderer",
    });
  });

  it("of Mozilla's clients are left alone", () => {
    const firefox = { ProductName: "Firefox", Version: "150.0", prod: "x", version: "y" };
    expect(renamed(firefox)).toEqual({ annotations: firefox, notes: [] });
  });

  it("can be told, and are checked when they are", () => {
    const path = join(folder, "names.json");
    writeFileSync(path, '{"ProductName": ["app"]}');
    expect(renamed({ app: "Teapot", prod: "x" }, readAnnotationNames(path)).annotations).toMatchObject({
      ProductName: "Teapot",
    });
    writeFileSync(path, '{"ProductName": "app"}');
    expect(() => readAnnotationNames(path)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    expect(readAnnotationNames("")).toBe(commonNames);
  });
});
