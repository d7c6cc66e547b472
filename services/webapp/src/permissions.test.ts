import { describe, expect, it } from "vitest";
import { holdsAll, nobody, type Viewer, viewerOf } from "./permissions.ts";

const granted: Viewer = new Set(["view_pii"] as const);

describe("viewerOf", () => {
  it.each([undefined, "http://crashes.example:8020", "https://crashes.example:8020"])(
    "gives what is granted to a request of origin %s",
    (origin) => expect(viewerOf({ origin, host: "crashes.example:8020" }, granted)).toBe(granted),
  );

  it.each([
    "null",
    "",
    "http://crashes.example",
    "https://elsewhere.example",
    "http://crashes.example:8020/x",
  ])("gives nothing to a request of origin %j", (origin) =>
    expect(viewerOf({ origin, host: "crashes.example:8020" }, granted)).toBe(nobody),
  );
});

describe("holdsAll", () => {
  it("reads the permissions of search fields", () => {
    expect(holdsAll(granted, ["crashstats.view_pii"])).toBe(true);
    expect(holdsAll(granted, ["crashstats.view_pii", "crashstats.view_rawdump"])).toBe(false);
    expect(holdsAll(nobody, [])).toBe(true);
  });
});
