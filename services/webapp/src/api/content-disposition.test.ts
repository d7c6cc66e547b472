import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentDisposition } from "./content-disposition.ts";

describe("the disposition of a file", () => {
  it.each([
    ["app.log", 'attachment; filename="app.log"'],
    [
      "Bildschirm füße.png",
      "attachment; filename=\"Bildschirm f__e.png\"; filename*=UTF-8''Bildschirm%20f%C3%BC%C3%9Fe.png",
    ],
    ["100%.txt", "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"],
    ["it's (1)é.txt", "attachment; filename=\"it's (1)_.txt\"; filename*=UTF-8''it%27s%20%281%29%C3%A9.txt"],
    ["../../etc/passwd", 'attachment; filename="passwd"'],
    ["C:\\Users\\me\\app.log", 'attachment; filename="app.log"'],
    ['a"; filename="b.exe', 'attachment; filename="a_; filename=_b.exe"'],
    ["a\r\nSet-Cookie: x", 'attachment; filename="aSet-Cookie_ x"'],
    ["exe.\u202egnp", 'attachment; filename="exe.gnp"'],
    [".bashrc", 'attachment; filename="bashrc"'],
    ["..", 'attachment; filename="attachment"'],
    ["", 'attachment; filename="attachment"'],
    [`${"x".repeat(500)}.json`, `attachment; filename="${"x".repeat(195)}.json"`],
  ])("named %j is %s", (name, expected) => expect(contentDisposition(name)).toBe(expected));

  it("of any name is one header that names no folder", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
        const header = contentDisposition(name);
        expect(header).toMatch(
          /^attachment; filename="[^"\\/]+"(; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+)?$/,
        );
        expect(header).toMatch(/^[ -~]*$/);
      }),
    );
  });
});
