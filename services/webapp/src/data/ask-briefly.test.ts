import { searchDocument } from "@mayday/search";
import { afterEach, describe, expect, it, vi } from "vitest";
import { crashId, demoProcessed } from "../test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";

let open: OpenWebapp;
afterEach(() => open.close());

const document = (n: number) => searchDocument(demoProcessed(crashId(n, now), now));
const first = async () => /<h2>Teapot <small>[^<]*/.exec((await open.server.inject({ url: "/" })).body)?.[0];

describe("which products and versions there are", () => {
  it("is told at once while crashes are few", async () => {
    open = await openWebapp();
    expect(await first()).toBeUndefined();
    await open.engine.add([document(1)]);
    expect(await first()).toContain("1 crash in 7 days");
  });

  it("is asked once a minute when they are many", async () => {
    open = await openWebapp();
    await open.engine.add(Array.from({ length: 20_000 }, (_, n) => document(n)));
    const search = vi.spyOn(open.engine, "search");
    const asked = async () => {
      const before = search.mock.calls.length;
      await first();
      return search.mock.calls.length - before;
    };
    const all = await asked();
    expect(await asked()).toBe(all - 1);
    open.wait(61_000);
    expect(await asked()).toBe(all);
  }, 60_000);
});
