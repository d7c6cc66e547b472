import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  declareSettings,
  flag,
  list,
  maskedSettings,
  passwordWithin,
  port,
  readSettings,
  secret,
  settingRows,
  withoutPassword,
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

describe("secrets of files", () => {
  const folder = mkdtempSync(join(tmpdir(), "mayday-secrets-"));
  const file = join(folder, "token");
  writeFileSync(file, "hunter2\n");
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are read, without the line's end", () => {
    const settings = readSettings(kettle, { KETTLE_NAME: "a", KETTLE_TOKEN_FILE: file });
    expect(settings.KETTLE_TOKEN).toBe("hunter2");
  });

  it("are refused when the secret is given too, or the file is not there, and what is no secret has no file", () => {
    const read = (more: Record<string, string>) => () => readSettings(kettle, { KETTLE_NAME: "a", ...more });
    expect(read({ KETTLE_TOKEN: "b", KETTLE_TOKEN_FILE: file })).toThrow(/only one of them/);
    expect(read({ KETTLE_TOKEN_FILE: join(folder, "none") })).toThrow(/KETTLE_TOKEN_FILE: .*ENOENT/);
    expect(read({ KETTLE_PORT_FILE: file })).toThrow("KETTLE_PORT_FILE is not a setting");
  });
});

describe("what is shown", () => {
  it.each([
    ["redis://10.0.0.1:6379", "redis://10.0.0.1:6379"],
    ["rediss://me:hunter2@redis.example.com/0", "rediss://me:***@redis.example.com/0"],
    ["redis+cluster://:hun@ter:2@a:1,b:2", "redis+cluster://:***@a:1,b:2"],
    ["/run/redis.sock", "/run/redis.sock"],
    ["", ""],
  ])("of the address %j is %j", (address, shown) => {
    expect(withoutPassword(address)).toBe(shown);
    const told = declareSettings("A_", { A_URL: passwordWithin(z.string().default("")) });
    expect(maskedSettings(told, { A_URL: address })).toEqual({ A_URL: shown });
  });

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
