import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEBUG_ID } from "../test-support/sym-text.ts";
import { symbolFilePath } from "./symbol-file-path.ts";

describe("symbolFilePath", () => {
  it.each([
    ["libxul.so", "libxul.so", "libxul.so.sym"],
    ["XUL", "XUL", "XUL.sym"],
    ["xul.pdb", "xul.pdb", "xul.sym"],
    ["XUL.PDB", "XUL.PDB", "XUL.sym"],
    ["/usr/lib/firefox/libxul.so", "libxul.so", "libxul.so.sym"],
    ["c:\\build\\obj/xul.pdb", "xul.pdb", "xul.sym"],
    ["linux-gate (deleted).so", "linux-gate (deleted).so", "linux-gate (deleted).so.sym"],
  ])("of %s", (debugFile, leaf, symbolFile) => {
    expect(symbolFilePath({ debugFile, debugId: DEBUG_ID })).toEqual({
      debugFile: leaf,
      debugId: DEBUG_ID,
      symbolFile,
    });
  });

  it("takes the code file where there is no debug file", () => {
    const path = symbolFilePath({ debugFile: "", debugId: DEBUG_ID, codeFile: "/usr/bin/app" });
    expect(path).toMatchObject({ debugFile: "app", symbolFile: "app.sym" });
  });

  it("has the GUID in upper case and the age as it was", () => {
    const debugId = "5a9832e5287241c1838ed98914e9b7ff1a";
    expect(symbolFilePath({ debugFile: "a", debugId })?.debugId).toBe("5A9832E5287241C1838ED98914E9B7FF1a");
  });

  it.each([
    ["", "no id"],
    ["0".repeat(33), "only zeros"],
    ["xyz", "no hex"],
    ["A".repeat(65), "too long"],
    ["../A", ""],
  ])("is none for the debug id %j (%s)", (debugId) => {
    expect(symbolFilePath({ debugFile: "a", debugId })).toBeUndefined();
  });

  it.each(["", "/", "a/", ".", "..", "a/..", "..\\..", "a\0b", "a\nb", "x".repeat(201)])(
    "is none for the name %j",
    (debugFile) => {
      expect(symbolFilePath({ debugFile, debugId: DEBUG_ID })).toBeUndefined();
    },
  );

  it("never leads out of its folder", () => {
    const piece = fc.constantFrom("/", "\\", "..", ".", "a", ".pdb", "\0", " ", "%2f");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = symbolFilePath({ debugFile: pieces.join(""), debugId: DEBUG_ID });
        for (const part of path === undefined ? [] : [path.debugFile, path.symbolFile]) {
          expect(part).not.toMatch(/[/\\\0]|^\.{0,2}$/);
        }
      }),
    );
  });
});
