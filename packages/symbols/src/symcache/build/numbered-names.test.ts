import { describe, expect, it } from "vitest";
import { NumberedNames } from "./numbered-names.ts";

describe("NumberedNames", () => {
  it("gives every id an index as it is met, small ids and the largest alike", () => {
    const names = new NumberedNames();
    const ids = [0, 5, 4_194_303, 4_194_304, 4_294_967_295, 5, 0];
    expect(ids.map((id) => names.indexOf(id))).toEqual([0, 1, 2, 3, 4, 1, 0]);
    expect(names.count).toBe(5);
  });
});
