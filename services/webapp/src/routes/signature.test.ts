import { searchDocument } from "@mayday/search";
import { afterAll, beforeAll, expect, it } from "vitest";
import { crashId, demoProcessed } from "../test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";
import { textOfPage } from "../test-support/text-of-page.ts";

let open: OpenWebapp;
beforeAll(async () => {
  open = await openWebapp();
  const crash = (number: number, product: string, version: string) => {
    const id = crashId(number, now);
    return searchDocument({ ...demoProcessed(id, now), signature: "pour | fill", product, version });
  };
  await open.engine.add([crash(1, "Teapot", "1.9"), crash(2, "Teapot", "1.10"), crash(3, "Kettle", "!2")]);
});
afterAll(() => open.close());

/** The page with its characters as they are. */
async function page(filters: string): Promise<string> {
  const { body } = await open.server.inject(`/signature/?signature=pour+%7C+fill${filters}`);
  return body.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

const optionsOf = (body: string, name: string) =>
  [...body.matchAll(new RegExp(`<select name="${name}">(.*?)</select>`, "g"))].map(([, inside]) =>
    [...inside!.matchAll(/<option value="([^"]*)"( selected)?>/g)].map(
      ([, value, selected = ""]) => value + selected,
    ),
  )[0];

it("a signature's page offers the values its crashes have, whatever is chosen already", async () => {
  const all = await page("");
  expect(optionsOf(all, "product")).toEqual([" selected", "=Teapot", "=Kettle"]);
  expect(optionsOf(all, "version")).toEqual([" selected", "=!2", "=1.10", "=1.9"]);
  expect(all).not.toContain(`class="chip on`);
  const one = await page("&product=Teapot&version=%3D1.9&days=14&source=both");
  expect(optionsOf(one, "product")).toEqual(["", "=Teapot selected", "=Kettle"]);
  expect(optionsOf(one, "version")).toEqual(["", "=!2", "=1.10", "=1.9 selected"]);
  expect(optionsOf(one, "days")).toContain("14 selected");
  expect(optionsOf(one, "source")).toContain("both selected");
  expect(textOfPage(one)).toContain("Product Teapot ×Version 1.9 ×");
  expect(one).toContain(
    `href="/signature/?signature=pour+%7C+fill&product=Teapot&days=14&source=both" aria-label="remove Version 1.9"`,
  );
});

it("a signature's filters are narrowed by a value that looks like an operator as by any other", async () => {
  const body = await page("&version=%3D%212");
  expect(optionsOf(body, "version")).toContain("=!2 selected");
  expect(textOfPage(body)).toContain("reports received1");
});

it("what a signature's form cannot choose stays as it is when the form is sent", async () => {
  const body = await page("&version=%21%3D1.9&reason=x&graph=build&product=Teapot");
  const hidden = [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
    ([, name, value]) => `${name} ${value}`,
  );
  expect(hidden.slice(0, 4)).toEqual(["signature pour | fill", "version !=1.9", "reason x", "graph build"]);
  expect(body).toContain("<b>not</b> <bdi>1.9</bdi>");
});

it("choices of nothing are not kept in a signature's address", async () => {
  const { statusCode, headers } = await open.server.inject(
    "/signature/?signature=pour&product=&version=%3D1.9&platform=&process_type=&days=7",
  );
  expect([statusCode, headers.location]).toEqual([302, "/signature/?signature=pour&version=%3D1.9&days=7"]);
});
