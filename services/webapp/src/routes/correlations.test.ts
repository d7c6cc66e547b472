import type { ProcessedCrash } from "@mayday/crash";
import { searchDocument } from "@mayday/search";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { crashId, demoProcessed } from "../test-support/demo-crash.ts";
import { escapesFrom, HOSTILE } from "../test-support/hostile.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";
import { textOfPage } from "../test-support/text-of-page.ts";

const SIGNATURE = "kettle::boil";
const SECRET = "webIsolated=https://secret.example";

let open: OpenWebapp;
let privileged: OpenWebapp;
beforeAll(async () => {
  open = await openWebapp();
  privileged = await openWebapp(["view_pii"]);
  for (const { engine } of [open, privileged]) await engine.add(planted().map(searchDocument));
}, 60_000);
afterAll(() => Promise.all([open.close(), privileged.close()]));
afterEach(() => vi.restoreAllMocks());

/** Teapots and kettles; of the kettles 40 have the signature, and those share a graphics card and what is protected. */
function planted(): ProcessedCrash[] {
  const at = new Date(now.getTime() - 3_600_000);
  return Array.from({ length: 600 }, (_, n) => {
    const isKettle = n % 2 === 0;
    const isOurs = isKettle && n < 80;
    return demoProcessed(crashId(n + 1, at), at, {
      product: isKettle ? "Kettle" : "Teapot",
      vendor: isKettle ? "Kettle works" : "Teapot works",
      release_channel: n % 10 === 0 ? "beta" : "release",
      signature: isOurs ? SIGNATURE : `other::${n % 7}`,
      adapter_vendor_id: isOurs || n % 12 === 0 ? "0x10de" : "0x8086",
      safe_mode: n % 3 === 0,
      useragent_locale: ["de", "fr", "ja"][n % 3] as string,
      ...(isOurs ? { remote_type: SECRET, modules_in_stack: "kettle.dll/AB;base.dll/CD" } : {}),
      ...(isOurs ? {} : { modules_in_stack: "base.dll/CD" }),
    });
  });
}

const path = (more: Record<string, string> = {}) =>
  `/signature/correlations/?${new URLSearchParams({ signature: SIGNATURE, ...more })}`;
const page = async (url: string, from = open) => (await from.server.inject({ url })).body;
const rowsOf = (html: string) =>
  [...html.matchAll(/<span class="quiet">([a-z_]+)<\/span>(.*?)(?=<br>|<\/td>)/g)].map(
    ([, field, term]) => `${field} ${textOfPage(term ?? "").trim()}`,
  );

describe("the correlations of a signature", () => {
  it("tell first what its crashes have in common and others have not", async () => {
    const rows = rowsOf(await page(path()));
    expect(rows.slice(0, 2).sort()).toEqual(
      ["adapter_vendor_id 0x10de", "modules_in_stack kettle.dll/ab"].sort(),
    );
  });

  it("tell nothing that goes with the product, and nothing that is the same everywhere", async () => {
    const html = textOfPage(await page(path()));
    expect(html).toContain("against all of Kettle release");
    expect(html).not.toContain("Kettle works");
    expect(html).not.toContain("useragent_locale");
    expect(html).not.toContain("safe_mode");
    expect(html).not.toContain("base.dll");
  });

  it("tell what is protected to nobody without the permission", async () => {
    const without = await page(path());
    expect(without).not.toContain("remote_type");
    expect(without).not.toContain("secret.example");
    expect(textOfPage(await page(path(), privileged))).toContain(
      "remote_type webIsolated=https://secret.example",
    );
    expect(await page(path({ remote_type: SECRET }))).not.toContain("secret.example");
  });

  it("are held against the product and the channel that one chooses", async () => {
    const html = await page(path({ product: "Kettle", release_channel: "any" }));
    expect(textOfPage(html)).toContain("against all of Kettle, 300");
    expect(textOfPage(await page(path({ channel: "beta" })))).toContain("against all of Kettle beta, 60");
    expect(html).toContain(`<option value="release">release (`);
  });

  it("say when there is nothing to compare, and what is wrong with an address", async () => {
    expect(textOfPage(await page("/signature/correlations/?signature=nobody"))).toContain(
      "No crashes with this signature in the last 7 days",
    );
    expect(textOfPage(await page(path({ product: "Teapot" })))).toContain("of this product and channel");
    expect((await open.server.inject({ url: "/signature/correlations/" })).statusCode).toBe(400);
  });

  it("are worked out once, however many ask, and tell how old they are", async () => {
    const search = vi.spyOn(open.engine, "search");
    await Promise.all(Array.from({ length: 5 }, () => page(path({ days: "3" }))));
    const first = search.mock.calls.length;
    expect(textOfPage(await page(path({ days: "3" })))).toContain("Worked out just now");
    // What can be chosen is asked each time.
    expect(search.mock.calls.length).toBe(first + 1);
    expect(first).toBeLessThan(5 + 2 * 6);
    open.wait(25 * 60_000);
    expect(textOfPage(await page(path({ days: "3" })))).toContain("Worked out 25 minutes ago");
  });

  it("have a place on the signature's page, which leads to them without scripts", async () => {
    const html = await page(`/signature/?signature=${SIGNATURE}&days=3`);
    expect(html).toContain("/signature/correlations/?signature&#61;kettle%3A%3Aboil&#38;days&#61;3");
    expect(html).toContain("Work out what they share");
  });

  it("show hostile values as text", async () => {
    const at = new Date(now.getTime() - 3_600_000);
    const hostile = Array.from({ length: 30 }, (_, n) =>
      demoProcessed(crashId(10_000 + n, at), at, { signature: HOSTILE, product: HOSTILE, reason: HOSTILE }),
    );
    await open.engine.add(hostile.map(searchDocument));
    const url = `/signature/correlations/?${new URLSearchParams({ signature: HOSTILE })}`;
    expect(escapesFrom(await page(url))).toEqual([]);
  });
});
