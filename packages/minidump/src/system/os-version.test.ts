import { expect, it } from "vitest";
import { osVersion } from "./os-version.ts";

it("joins the numbers and keeps the service pack as build", () => {
  expect(osVersion("Windows NT", [5, 1, 2600], " Service Pack 2 ")).toEqual({
    version: "5.1.2600",
    build: "Service Pack 2",
  });
});

it("has no build when the text is absent or blank", () => {
  expect(osVersion("Windows NT", [10, 0, 19045], undefined).build).toBeUndefined();
  expect(osVersion("Mac OS X", [11, 6, 7], "  ").build).toBeUndefined();
});

it("takes a Linux version from uname when the numbers are 0", () => {
  expect(osVersion("Linux", [0, 0, 0], "Linux 3.13.0-53-generic #89-Ubuntu SMP x86_64")).toEqual({
    version: "3.13.0-53-generic",
    build: "#89-Ubuntu SMP",
  });
});

it("drops machine and system where uname ends with both", () => {
  expect(osVersion("Linux", [0, 0, 0], "Linux 3.2.1 #1 SMP x86_64 Linux/GNU").build).toBe("#1 SMP");
});

it("believes numbers that a Linux writer filled", () => {
  expect(osVersion("Linux", [5, 10, 28], "-1rodete2-amd64 #1 SMP")).toEqual({
    version: "5.10.28",
    build: "-1rodete2-amd64 #1 SMP",
  });
});

it("does not take an Android fingerprint for uname", () => {
  expect(osVersion("Android", [0, 0, 0], "google/redfin/redfin:14 user")).toEqual({
    version: "0.0.0",
    build: "google/redfin/redfin:14 user",
  });
});

it("keeps a Linux text of one word as build", () => {
  expect(osVersion("Linux", [0, 0, 0], "Linux")).toEqual({ version: "0.0.0", build: "Linux" });
});
