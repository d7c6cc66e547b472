import { readSettings } from "@mayday/config";
import { describe, expect, it } from "vitest";
import { webappSettings } from "./settings.ts";

describe("the settings", () => {
  it("grant nothing by default", () => {
    expect(readSettings(webappSettings, {})).toMatchObject({ WEBAPP_PORT: 8020, WEBAPP_PERMISSIONS: [] });
  });

  it("take a list of permissions, and none that there is not", () => {
    const read = (text: string) => readSettings(webappSettings, { WEBAPP_PERMISSIONS: text });
    expect(read("view_pii, view_rawdump").WEBAPP_PERMISSIONS).toEqual(["view_pii", "view_rawdump"]);
    expect(() => read("view_pii,veiw_rawdump")).toThrow(/WEBAPP_PERMISSIONS.*reprocess_crashes/);
  });

  it("take host names without ports, in any case", () => {
    const read = (text: string) => readSettings(webappSettings, { WEBAPP_HOSTS: text }).WEBAPP_HOSTS;
    expect(read("Crashes.example.com, [fd00::1]")).toEqual(["crashes.example.com", "[fd00::1]"]);
    expect(() => read("crashes.example.com:8020")).toThrow(/WEBAPP_HOSTS.*without a port/);
  });
});
