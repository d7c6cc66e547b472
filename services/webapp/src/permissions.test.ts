import { describe, expect, it } from "vitest";
import { holdsAll, nobody, type Viewer, viewerOf } from "./permissions.ts";

const granted: Viewer = new Set(["view_pii"] as const);

const grant = { permissions: granted, hosts: ["crashes.example"] };

describe("viewerOf", () => {
  it.each([undefined, "http://crashes.example:8020", "https://crashes.example:8020"])(
    "gives what is granted to a request of origin %s",
    (origin) => expect(viewerOf({ origin, host: "crashes.example:8020" }, grant)).toBe(granted),
  );

  it.each([
    "null",
    "",
    "http://crashes.example",
    "https://elsewhere.example",
    "http://crashes.example:8020/x",
  ])("gives nothing to a request of origin %j", (origin) =>
    expect(viewerOf({ origin, host: "crashes.example:8020" }, grant)).toBe(nobody),
  );

  it.each([
    "localhost",
    "LocalHost:1",
    "127.0.0.1:8020",
    "[::1]:8020",
    "[::1]",
    "Crashes.Example",
    "crashes.example:443",
  ])("gives what is granted to a request for host %s", (host) =>
    expect(viewerOf({ origin: undefined, host }, grant)).toBe(granted),
  );

  it.each([
    "",
    "evil.example",
    "evil.example:8020",
    "localhost.evil.example",
    "127.0.0.1.evil.example:8020",
    "evil.example:localhost",
    "x.crashes.example",
    "crashes.example:8020:1",
    "::1",
    "127.0.0.1@evil.example",
  ])("gives nothing to a request for host %j, whose name anybody may lead here", (host) => {
    expect(viewerOf({ origin: undefined, host }, grant)).toBe(nobody);
    expect(viewerOf({ origin: `http://${host}`, host }, grant)).toBe(nobody);
  });
});

describe("holdsAll", () => {
  it("reads the permissions of search fields", () => {
    expect(holdsAll(granted, ["crashstats.view_pii"])).toBe(true);
    expect(holdsAll(granted, ["crashstats.view_pii", "crashstats.view_rawdump"])).toBe(false);
    expect(holdsAll(nobody, [])).toBe(true);
  });
});
