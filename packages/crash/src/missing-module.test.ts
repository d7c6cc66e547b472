import { expect, it } from "vitest";
import { missingModuleIn } from "./missing-module.ts";

it("a module without symbols is read by its parts, a slash within a version among them", () => {
  expect(missingModuleIn("spout.so/1.2/0A1B2C3D4")).toEqual({
    ...{ file: "spout.so", version: "1.2", debugId: "0A1B2C3D4", codeId: "" },
  });
  expect(missingModuleIn("a.dll/1\\/2/0A/5ED4")).toEqual({
    ...{ file: "a.dll", version: "1\\/2", debugId: "0A", codeId: "5ED4" },
  });
});
