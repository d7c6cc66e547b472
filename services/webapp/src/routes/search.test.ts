import { searchDocument } from "@mayday/search";
import { afterAll, beforeAll, expect, it } from "vitest";
import { crashId, demoProcessed } from "../test-support/demo-crash.ts";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";
import { textOfPage } from "../test-support/text-of-page.ts";

const VALUES = 120;
let open: OpenWebapp;
beforeAll(async () => {
  open = await openWebapp();
  const crash = (number: number) => {
    const id = crashId(number, now);
    return searchDocument({ ...demoProcessed(id, now), reason: `reason ${1000 + number}` });
  };
  await open.engine.add(Array.from({ length: VALUES }, (_, number) => crash(number)));
});
afterAll(() => open.close());

const page = async (query: string) => (await open.server.inject(`/search/?${query}`)).body;

it("the values of a field are paged through to the last one", async () => {
  const first = textOfPage(await page("_facets=reason"));
  expect(first).toContain("1–50 of 120");
  expect(first).toContain("reason 1000 add");
  const last = await page("_facets=reason&_results_offset=100");
  const text = textOfPage(last);
  expect(text).toContain("101–120 of 120");
  expect(text).toContain("101reason 1100 add");
  expect(text).not.toContain("reason 1099");
  expect(text).toContain("Previous 50");
  expect(text).not.toContain("Next 50");
});

it("an address beyond the last page of values shows the last ones that can be reached", async () => {
  const { statusCode, body } = await open.server.inject("/search/?_facets=reason&_results_offset=900000");
  expect([statusCode, textOfPage(body).includes("Previous 50")]).toEqual([200, true]);
});
