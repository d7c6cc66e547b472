import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorCodes, errorLine, MaydayError } from "./index.ts";

describe("errors", () => {
  it("say what the catalogue says, and what is particular", () => {
    const error = new MaydayError("CRASH_NOT_FOUND", "de1bb258");
    expect(error.message).toBe("no crash is stored under that id: de1bb258");
    expect(error.httpStatus).toBe(404);
    expect(errorLine(error)).toBe("CRASH_NOT_FOUND: no crash is stored under that id: de1bb258");
  });

  it("are told in one line whatever was thrown", () => {
    expect(errorLine(Object.assign(new Error("bad port"), { code: "CONFIG_INVALID" }))).toBe(
      "CONFIG_INVALID: bad port",
    );
    expect(errorLine(Object.assign(new Error("gone"), { code: "ENOENT" }))).toBe("gone");
    expect(errorLine("text")).toBe("text");
  });

  it("are documented, every code and no other", () => {
    const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
    const documented = [...page.matchAll(/^\| `([A-Z_]+)` \| \d/gm)].map(([, code]) => code);
    expect(documented).toEqual(Object.keys(errorCodes));
  });
});
