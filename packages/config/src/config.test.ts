import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  declareSettings,
  flag,
  list,
  maskedSettings,
  port,
  readSettings,
  secret,
  settingRows,
} from "./index.ts";

const kettle = declareSettings("KETTLE_", {
  KETTLE_PORT: port(8000).describe("Port."),
  KETTLE_TOKEN: secret().describe("Token."),
  KETTLE_ON: flag(false).describe("On."),
  SHARED_LIST: list().describe("List."),
  KETTLE_NAME: z.string().describe("Name."),
});

describe("readSettings", () => {
  it("fills in defaults and coerces what is given", () => {
    const settings = readSettings(kettle, { KETTLE_NAME: "a", KETTLE_ON: "1", SHARED_LIST: "x, y,," });
    expect(settings).toEqual({
      KETTLE_PORT: 8000,
      KETTLE_TOKEN: "",
      KETTLE_ON: true,
      SHARED_LIST: ["x", "y"],
      KETTLE_NAME: "a",
    });
  });

  it("treats an empty value as unset", () => {
    expect(readSettings(kettle, { KETTLE_NAME: "a", KETTLE_PORT: "" }).KETTLE_PORT).toBe(8000);
  });

  it("names a setting that is mistyped, and leaves other programs' names alone", () => {
    expect(() => readSettings(kettle, { KETTLE_NAME: "a", KETTLE_PROT: "1", PATH: "/bin" })).toThrow(
      "KETTLE_PROT is not a setting",
    );
  });

  it("names every bad setting and shows no value", () => {
    const read = () => readSettings(kettle, { KETTLE_PORT: "hunter2", KETTLE_ON: "maybe" });
    expect(read).toThrow(/KETTLE_PORT.*KETTLE_ON.*KETTLE_NAME/s);
    expect(read).not.toThrow(/hunter2/);
  });
});

describe("what is shown", () => {
  it("masks secrets that are set", () => {
    const settings = readSettings(kettle, { KETTLE_NAME: "a", KETTLE_TOKEN: "hunter2" });
    expect(maskedSettings(kettle, settings)).toMatchObject({ KETTLE_TOKEN: "***", KETTLE_NAME: "a" });
  });

  it("prints a row per setting with its default", () => {
    expect(settingRows(kettle)).toContainEqual({
      name: "KETTLE_PORT",
      fallback: "8000",
      description: "Port.",
    });
    expect(settingRows(kettle)).toContainEqual({
      name: "KETTLE_TOKEN",
      fallback: "(secret)",
      description: "Token.",
    });
  });
});
